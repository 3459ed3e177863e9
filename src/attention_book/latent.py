"""Multi-head latent attention: all heads read their keys and values out of one short vector."""

import math

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from . import validate
from .attention import attention
from .cache import KVCache
from .kernel import fused
from .rotary import Rotary, halves_from_pairs


class LatentAttention(nn.Module):
    r"""Attention whose cache holds one latent vector for each token, whatever the number of heads.

    A token x leaves $c = \mathrm{RMSNorm}(x W_{down})$, `d_latent` wide, and a key $r$ of
    `d_rotary` numbers, turned by its place and shared by all heads. Head h has the key
    $[c W_K^h; r]$ and the value $c W_V^h$; its queries have two parts as well. For a single new
    token they are never made: as $q (c W_K^h)^\top = (q W_K^{h\top}) c^\top$, its queries go to the
    latents, as in multi-query attention, and W_V follows after the mixture. A cache keeps c and r.
    Shapes: (B, T, C) -> (B, T, C). Errors and masks are those of `MultiHeadAttention`.
    Source: DeepSeek-AI (2024), section 2.1.1, without their low-rank queries.
    """

    def __init__(
        self,
        d_model: int,
        n_heads: int,
        d_latent: int,
        *,
        d_head: int | None = None,
        d_rotary: int = 0,
        theta: float = 10_000.0,
    ):
        super().__init__()
        sizes = {"d_model": d_model, "n_heads": n_heads, "d_latent": d_latent}
        for name, size in sizes.items():
            validate.whole_number("LatentAttention", name, size, least=1)
        if d_head is None:
            validate.heads("LatentAttention", d_model, n_heads)
        d_head = d_model // n_heads if d_head is None else d_head
        validate.whole_number("LatentAttention", "d_head", d_head, least=1)
        if validate.whole_number("LatentAttention", "d_rotary", d_rotary):
            validate.even("LatentAttention", "d_rotary", d_rotary)
        self.n_heads, self.d_head, self.widths = n_heads, d_head, (d_latent, d_rotary)
        self.q_proj = nn.Linear(d_model, n_heads * (d_head + d_rotary), bias=False)
        self.down_proj = nn.Linear(d_model, d_latent + d_rotary, bias=False)
        self.norm = nn.RMSNorm(d_latent, eps=1e-6)
        self.k_proj = nn.Linear(d_latent, n_heads * d_head, bias=False)
        self.v_proj = nn.Linear(d_latent, n_heads * d_head, bias=False)
        self.rotary = Rotary(theta)
        self.o_proj = nn.Linear(n_heads * d_head, d_model, bias=False)

    def forward(
        self,
        x: Float[Tensor, "B T C"],
        *,
        mask: Bool[Tensor, "..."] | None = None,
        causal: bool = False,
        cache: KVCache | None = None,
    ) -> Float[Tensor, "B T C"]:
        """Let the tokens look at each other and at what the cache keeps."""
        validate.multi_head("LatentAttention", self, x, None, mask, causal, cache)
        before = getattr(cache, "state", None)
        try:
            q, latents, turned = self.seen(x, cache)
            attend = self.absorbed if x.shape[1] == 1 else self.plain
            heads = attend(q, latents, turned, mask, causal)
            return self.o_proj(heads.transpose(1, 2).flatten(2))
        except BaseException:
            if cache is not None and before is not None:
                cache.state = before
            raise

    def seen(self, x, cache=None):
        """Queries (B, H, T, D + R), latents (B, 1, Tk, L) and turned keys (B, 1, Tk, R)."""
        q = self.q_proj(x).unflatten(2, (self.n_heads, -1)).transpose(1, 2)
        ours, to_turn = q.split((self.d_head, self.widths[1]), dim=-1)
        latents, turned = self.down_proj(x)[:, None].split(self.widths, dim=-1)
        latents = self.norm(latents)
        if self.widths[1]:
            past = 0 if cache is None else cache.length
            to_turn, turned = self.rotary(to_turn, turned, past)
        kept = (latents, turned) if cache is None else cache.append(latents, turned)
        return torch.cat((ours, to_turn), dim=-1), *kept

    def plain(self, q, latents, turned, mask=None, causal=False):
        """Make the keys and values of every head, as the formula says."""
        own, v = (self._of_heads(proj, latents) for proj in (self.k_proj, self.v_proj))
        k = torch.cat((own, turned.expand(*own.shape[:3], -1)), dim=-1)
        return attention(q, k, v, mask, causal=causal)

    def absorbed(self, q, latents, turned, mask=None, causal=False):
        """The same without them: the queries of all heads meet one latent for each token."""
        ours, to_turn = q.split((self.d_head, self.widths[1]), dim=-1)
        w_k, w_v = (p.weight.unflatten(0, (self.n_heads, -1)) for p in (self.k_proj, self.v_proj))
        k = torch.cat((latents, turned), dim=-1)
        q = torch.cat((ours @ w_k, to_turn), dim=-1) * math.sqrt(k.shape[-1] / q.shape[-1])
        expand = (-1, self.n_heads, -1, -1)
        mixed = fused(q, k.expand(expand), latents.expand(expand), mask, causal)
        return mixed @ w_v.mT

    def _of_heads(self, proj, latents):
        return proj(latents[:, 0]).unflatten(2, (self.n_heads, -1)).transpose(1, 2)


THEIRS = "q_proj", "kv_a_proj_with_mqa", "kv_a_layernorm", "kv_b_proj", "o_proj"


def from_deepseek(weights: dict[str, Tensor], n_heads: int, d_rotary: int) -> LatentAttention:
    """The layer with weights that go by the names of DeepSeek-V2 and V3, without low-rank queries.

    Their rotary features lie in pairs of neighbors, and their W_K and W_V, equally wide, in one
    matrix. Angles are those of `theta` 10,000, without what they change for long texts.
    ValueError for missing names, or those of low-rank queries.
    """
    missing = [name for name in THEIRS if f"{name}.weight" not in weights]
    if missing or len(weights) > len(THEIRS):
        validate.refuse("from_deepseek", "weights", f"be {', '.join(THEIRS)}", sorted(weights))
    q, down, norm, up, out = (weights[f"{name}.weight"] for name in THEIRS)
    d_head, turned = up.shape[0] // n_heads // 2, halves_from_pairs(d_rotary)
    layer = LatentAttention(q.shape[1], n_heads, len(norm), d_head=d_head, d_rotary=d_rotary)
    q, up = (x.unflatten(0, (n_heads, -1)) for x in (q, up))
    order = torch.cat((torch.arange(d_head), d_head + turned))
    theirs = {
        "q_proj": q[:, order].flatten(0, 1),
        "down_proj": torch.cat((down[:-d_rotary], down[-d_rotary:][turned])),
        "norm": norm,
        "k_proj": up[:, :d_head].flatten(0, 1),
        "v_proj": up[:, d_head:].flatten(0, 1),
        "o_proj": out,
    }
    layer.load_state_dict({f"{name}.weight": x for name, x in theirs.items()})
    return layer.to(q.dtype)
