"""Attention as formulas: one head, several heads, and one sentence attending to itself."""

import math

import numpy as np

from .layers import linear


def softmax(x):
    r"""Turn scores into positive shares of one whole, along the last axis.

    $\mathrm{softmax}(x)_j = e^{x_j} / \sum_i e^{x_i}$, computed after subtracting the largest
    score, which changes nothing but keeps the exponentials finite. A score of -inf gets
    exactly 0; a row that is -inf throughout has no whole to share and gives zeros.
    Shapes: (..., n) -> (..., n).
    """
    x = np.asarray(x, dtype=np.float64)
    top = x.max(axis=-1, keepdims=True, initial=-np.inf)
    with np.errstate(over="ignore"):  # a gap wider than the float range is -inf: a share of 0
        e = np.exp(x - np.where(np.isneginf(top), 0.0, top))
    total = e.sum(axis=-1, keepdims=True)
    return np.divide(e, total, out=np.zeros_like(e), where=total != 0)


def attention_weights(q, k, mask=None):
    r"""How much each query takes from each key: $\mathrm{softmax}(q k^\top / \sqrt{D})$.

    Shapes: q (..., Tq, D), k (..., Tk, D), mask bool (..., Tq, Tk) with True where the query
    may attend -> (..., Tq, Tk). A query that may see nothing gets zeros.
    Source: Vaswani et al. (2017), section 3.2.1.
    """
    q, k = np.asarray(q, dtype=np.float64), np.asarray(k, dtype=np.float64)
    scores = q @ np.swapaxes(k, -1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(_boolean(mask), scores, -np.inf)
    return softmax(scores)


def attention(q, k, v, mask=None):
    r"""Mix the values in the shares that queries and keys agree on: weights @ v.

    Shapes: v (..., Tk, Dv), the others as in `attention_weights` -> (..., Tq, Dv).
    Source: Vaswani et al. (2017), equation 1.
    """
    return attention_weights(q, k, mask) @ np.asarray(v, dtype=np.float64)


def causal_mask(n_queries, n_keys):
    """Each query, counted from the end of the keys, sees the keys up to its own position."""
    return np.tri(n_queries, n_keys, n_keys - n_queries, dtype=bool)


def multi_head_attention(x, q_proj, k_proj, v_proj, o_proj, n_heads, memory=None, mask=None):
    """Attend with several heads side by side, each on its own share of the features.

    Shapes: x (..., T, C), memory (..., Tk, C), mask as in `attention` -> (..., T, C). Each
    projection is the arguments of `linear`. Without a memory, x attends to itself.
    Source: Vaswani et al. (2017), section 3.2.2.
    """
    memory = x if memory is None else memory
    q = _split_heads(linear(x, **q_proj), n_heads)
    k = _split_heads(linear(memory, **k_proj), n_heads)
    v = _split_heads(linear(memory, **v_proj), n_heads)
    return linear(merge_heads(attention(q, k, v, mask)), **o_proj)


def self_attention(x, c_attn, c_proj, n_heads, mask=None):
    """`multi_head_attention` with q, k and v side by side in one matrix, as GPT-2 keeps them."""
    q, k, v = split_qkv(x, c_attn, n_heads)
    return linear(merge_heads(attention(q, k, v, mask)), **c_proj)


def split_qkv(x, c_attn, n_heads):
    return [_split_heads(part, n_heads) for part in np.split(linear(x, **c_attn), 3, axis=-1)]


def _split_heads(x, n_heads):
    if isinstance(n_heads, bool) or not isinstance(n_heads, int) or n_heads < 1:
        raise ValueError(f"n_heads must be a whole number, at least 1, got {n_heads!r}")
    if x.shape[-1] % n_heads:
        raise ValueError(f"n_heads must divide the {x.shape[-1]} features, got {n_heads}")
    return np.swapaxes(x.reshape(*x.shape[:-1], n_heads, x.shape[-1] // n_heads), -2, -3)


def merge_heads(x):
    x = np.swapaxes(x, -2, -3)
    return x.reshape(*x.shape[:-2], x.shape[-2] * x.shape[-1])


def _boolean(mask):
    mask = np.asarray(mask)
    if mask.dtype != bool:
        raise TypeError(f"mask must be bool (True = may attend), got {mask.dtype}")
    return mask
