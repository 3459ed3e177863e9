"""Scaled dot-product attention: the formula, its fused kernel, and several heads of it."""

import math

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from . import validate
from .cache import KVCache
from .recording import Tap

MOST_MASKED = 2**22  # pairs of query and key in one call of the kernel under a mask


def attention_weights(
    q: Float[Tensor, "*batch Tq D"],
    k: Float[Tensor, "*batch Tk D"],
    mask: Bool[Tensor, "..."] | None = None,
) -> Float[Tensor, "*batch Tq Tk"]:
    r"""How much each query takes from each key: $\mathrm{softmax}(q k^\top / \sqrt{D})$.

    The mask is bool, True = may attend: (Tq, Tk), or with one axis for each axis of q.
    Masked weights are exactly 0; a query that may see nothing gets zeros, with finite
    gradients. Scores of half-precision inputs are computed in float32, so they cannot overflow.
    ValueError or TypeError names the argument; a result of over 8 GiB is refused beforehand.
    Source: Vaswani et al. (2017), section 3.2.1.
    """
    validate.attention_weights(q, k, mask)
    wide = torch.promote_types(q.dtype, torch.float32)
    scores = q.to(wide) @ k.to(wide).mT / math.sqrt(q.shape[-1])
    if mask is None:
        return scores.softmax(-1).to(q.dtype)
    sees = mask.any(-1, keepdim=True)
    # A row of -inf has no softmax and no gradient: let it attend anywhere, then erase it.
    bias = torch.zeros_like(mask, dtype=wide).masked_fill(~mask & sees, -math.inf)
    return ((scores + bias).softmax(-1) * sees).to(q.dtype)


def attention(
    q: Float[Tensor, "*batch Tq D"],
    k: Float[Tensor, "*batch Tk D"],
    v: Float[Tensor, "*batch Tk Dv"],
    mask: Bool[Tensor, "..."] | None = None,
) -> Float[Tensor, "*batch Tq Dv"]:
    r"""Mix the values in the shares that queries and keys agree on.

    $\mathrm{softmax}(q k^\top / \sqrt{D})\,v$, equal to `attention_weights(q, k, mask) @ v` but
    computed by PyTorch's fused kernel, which never holds all Tq x Tk weights at once.
    Masks, empty rows and errors are those of `attention_weights`. A NaN reaches the output even
    from a masked key or value, because 0 x NaN is NaN: a mask hides finite numbers only.
    Source: Vaswani et al. (2017), equation 1.
    """
    validate.attention(q, k, v, mask)
    if mask is not None and mask.shape[-2] * mask.shape[-1] > MOST_MASKED:
        return _by_slices(q, k, v, mask)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)


def _by_slices(q, k, v, mask):
    """The kernel makes one float of each bool, which for long texts would be all weights again."""
    mask = mask.expand(*mask.shape[:-2], q.shape[-2], k.shape[-2])
    rows = max(1, MOST_MASKED // k.shape[-2])
    parts = zip(q.split(rows, -2), mask.split(rows, -2), strict=True)
    return torch.cat([attention(part, k, v, seen) for part, seen in parts], dim=-2)


class MultiHeadAttention(nn.Module):
    r"""Several attentions side by side, each with its own view of every token.

    $\mathrm{concat}(\mathrm{head}_1 \dots \mathrm{head}_H)\,W_O$, where head $h$ is
    `attention(q, k, v, mask)` of the tokens mapped by its own $W_Q, W_K, W_V$. Queries come from
    x, keys and values from the memory if one is given (cross-attention), else from x. Each head
    is d_k wide in queries and keys and d_v in values, d_model / n_heads unless given.
    With a cache, keys and values join those of the earlier tokens, and a memory's are kept.
    Shapes: x (B, Tq, C), memory (B, Tk, C) -> (B, Tq, C); mask bool (Tq, Tk), or four axes that
    broadcast to (B, H, Tq, Tk), where Tk counts the cached tokens too. Dropout takes weights away
    while training. The tap `weights` holds (B, H, Tq, Tk) while a `record` is open.
    ValueError or TypeError names the argument. Source: Vaswani et al. (2017), section 3.2.2.
    """

    def __init__(
        self,
        d_model: int,
        n_heads: int,
        *,
        d_k: int | None = None,
        d_v: int | None = None,
        bias: bool = True,
        dropout: float = 0.0,
    ):
        super().__init__()
        validate.multi_head_sizes("MultiHeadAttention", d_model, n_heads, d_k, d_v, bias, dropout)
        self.d_model, self.n_heads = d_model, n_heads
        queries, values = (n_heads * (d or d_model // n_heads) for d in (d_k, d_v))
        self.q_proj = nn.Linear(d_model, queries, bias)
        self.k_proj = nn.Linear(d_model, queries, bias)
        self.v_proj = nn.Linear(d_model, values, bias)
        self.weights = Tap()
        self.dropout = nn.Dropout(dropout)
        self.o_proj = nn.Linear(values, d_model, bias)

    def forward(
        self,
        x: Float[Tensor, "B Tq C"],
        memory: Float[Tensor, "B Tm C"] | None = None,
        mask: Bool[Tensor, "..."] | None = None,
        cache: KVCache | None = None,
    ) -> Float[Tensor, "B Tq C"]:
        validate.multi_head("MultiHeadAttention", self, x, memory, mask, cache)
        k, v = self._keys_and_values(x, memory, cache)
        heads = self._attend(self._split(self.q_proj(x)), k, v, mask)
        return self.o_proj(heads.transpose(1, 2).flatten(2))

    def _keys_and_values(self, x, memory, cache):
        if cache is None:
            return self._project(x if memory is None else memory)
        if memory is None:
            return cache.append(*self._project(x))
        return cache.of_memory(memory, self._project)

    def _project(self, tokens):
        return self._split(self.k_proj(tokens)), self._split(self.v_proj(tokens))

    def _split(self, x):
        """(B, T, H D) -> (B, H, T, D)."""
        batch, length, width = x.shape
        return x.view(batch, length, self.n_heads, width // self.n_heads).transpose(1, 2)

    def _attend(self, q, k, v, mask):
        if self.weights.open or (self.training and self.dropout.p):
            return self.dropout(self.weights(attention_weights(q, k, mask))) @ v
        return attention(q, k, v, mask)
