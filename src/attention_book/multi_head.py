"""Several attentions side by side, with all that a layer of a model needs."""

from jaxtyping import Bool, Float
from torch import Tensor, nn

from . import validate
from .attention import attention_weights
from .cache import KVCache
from .grouped import one_query, repeated
from .kernel import fused
from .masks import window_mask
from .recording import Tap
from .rotary import Rotary


class MultiHeadAttention(nn.Module):
    r"""Several attentions side by side, each with its own view of every token.

    $\mathrm{concat}(\mathrm{head}_1 \dots \mathrm{head}_H)\,W_O$, where head $h$ is
    `attention(q, k, v, mask)` of the tokens mapped by its own $W_Q, W_K, W_V$. Each head
    is d_k wide in queries and keys and d_v in values, d_model / n_heads unless given. With fewer
    `n_kv_heads`, which divide the heads, n_heads / n_kv_heads neighbors share keys and values
    (grouped-query attention; Ainslie et al., 2023), and a cache keeps those of n_kv_heads only.
    Dropout takes weights away while training.
    Four parts are None unless set: `q_norm` and `k_norm` normalize each head's queries and keys;
    `rotary` turns them by their places, which begin after the tokens in the cache; and a `window`
    is how many tokens back a causal view goes. The last two do not concern a memory.
    The tap `weights` holds (B, H, Tq, Tk) while a `record` is open.
    ValueError or TypeError names the argument. Source: Vaswani et al. (2017), section 3.2.2.
    """

    def __init__(
        self,
        d_model: int,
        n_heads: int,
        *,
        n_kv_heads: int | None = None,
        d_k: int | None = None,
        d_v: int | None = None,
        bias: bool = True,
        dropout: float = 0.0,
    ):
        super().__init__()
        d_model, n_heads = _size("d_model", d_model), _size("n_heads", n_heads)
        if d_k is None or d_v is None:
            validate.heads("MultiHeadAttention", d_model, n_heads)
        n_kv_heads = n_heads if n_kv_heads is None else _size("n_kv_heads", n_kv_heads)
        validate.groups("MultiHeadAttention", n_heads, n_kv_heads)
        d_k = d_model // n_heads if d_k is None else _size("d_k", d_k)
        d_v = d_model // n_heads if d_v is None else _size("d_v", d_v)
        validate.flag("MultiHeadAttention", "bias", bias)
        dropout = validate.probability("MultiHeadAttention", "dropout", dropout)
        self.d_model, self.n_heads, self.n_kv_heads = d_model, n_heads, n_kv_heads
        self.q_proj = nn.Linear(d_model, n_heads * d_k, bias)
        self.k_proj = nn.Linear(d_model, n_kv_heads * d_k, bias)
        self.v_proj = nn.Linear(d_model, n_kv_heads * d_v, bias)
        self.q_norm: nn.Module | None = None
        self.k_norm: nn.Module | None = None
        self.rotary: Rotary | None = None
        self.window: int | None = None
        self.weights = Tap()
        self.dropout = nn.Dropout(dropout)
        self.o_proj = nn.Linear(n_heads * d_v, d_model, bias)

    def forward(
        self,
        x: Float[Tensor, "B Tq C"],
        *,
        memory: Float[Tensor, "B Tm C"] | None = None,
        mask: Bool[Tensor, "..."] | None = None,
        causal: bool = False,
        cache: KVCache | None = None,
    ) -> Float[Tensor, "B Tq C"]:
        """Let the tokens x look at each other, or at a memory (cross-attention).

        With a cache, keys and values join those of the earlier tokens, and a memory's are kept.
        Shapes: x (B, Tq, C), memory (B, Tk, C) -> (B, Tq, C); mask bool (Tq, Tk), or four axes
        that broadcast to (B, H, Tq, Tk), where Tk counts the cached tokens too; `causal` as in
        `attention`.
        """
        before = getattr(cache, "state", None)
        try:
            if mask is not None or memory is not None:  # what PyTorch would stretch in silence
                validate.multi_head("MultiHeadAttention", self, x, memory, mask, causal, cache)
            if self.window is not None and memory is None:
                validate.window("MultiHeadAttention", self.window, causal)
            q, k, v = self._queries_keys_values(x, memory, cache)
            if self.window is not None and memory is None:
                mask = self._near(q, k, mask, causal)
            attend = self._attend if self.n_kv_heads == self.n_heads else self._attend_in_groups
            heads = attend(q, k, v, mask, causal)
            return self.o_proj(heads.transpose(1, 2).flatten(2))
        except BaseException:
            if cache is not None and before is not None:
                cache.state = before
            validate.multi_head("MultiHeadAttention", self, x, memory, mask, causal, cache)
            raise

    def _queries_keys_values(self, x, memory, cache):
        q = self._split(self.q_proj(x))
        if self.q_norm is not None:
            q = self.q_norm(q)
        if memory is not None:
            if cache is None:
                return q, *self._project(memory)
            return q, *cache.of_memory(memory, self._project)
        k, v = self._project(x)
        if self.rotary is not None:
            q, k = self.rotary(q, k, 0 if cache is None else cache.length)
        return q, *((k, v) if cache is None else cache.append(k, v))

    def _project(self, tokens):
        k, v = self._split_shared(self.k_proj(tokens)), self._split_shared(self.v_proj(tokens))
        return (k if self.k_norm is None else self.k_norm(k)), v

    def _split_shared(self, x):
        """(B, T, Hkv D) -> (B, Hkv, T, D)."""
        batch, length, width = x.shape
        return x.view(batch, length, self.n_kv_heads, width // self.n_kv_heads).transpose(1, 2)

    def _near(self, q, k, mask, causal):
        """The mask, closed to what is further back than the window."""
        if k.shape[2] <= self.window + 1:
            return mask
        near = window_mask(q.shape[2], self.window, k.shape[2], device=q.device)
        return near if mask is None else near & mask

    def _split(self, x):
        """(B, T, H D) -> (B, H, T, D)."""
        batch, length, width = x.shape
        return x.view(batch, length, self.n_heads, width // self.n_heads).transpose(1, 2)

    def _attend(self, q, k, v, mask, causal):
        if self.weights.open or (self.training and self.dropout.p):
            weights = attention_weights(q, k, mask, causal=causal)
            return self.dropout(self.weights(weights)) @ v
        return fused(q, k, v, mask, causal)

    def _attend_in_groups(self, q, k, v, mask, causal):
        whole = self.weights.open or (self.training and self.dropout.p)
        if q.shape[2] == 1 and not whole and (mask is None or mask.ndim == 2 or mask.shape[1] == 1):
            return one_query(q, k, v, mask)
        size = self.n_heads // self.n_kv_heads
        return self._attend(q, repeated(k, size), repeated(v, size), mask, causal)


def _size(name, size):
    return validate.whole_number("MultiHeadAttention", name, size, least=1)
