"""The specification: attention in NumPy, in float64, as functions only.

These lines are the formulas and nothing else. The rest of the library is fast; this file is
what it has to agree with.
"""

import math

import numpy as np

__all__ = ["attention", "attention_weights", "softmax"]


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


def _boolean(mask):
    mask = np.asarray(mask)
    if mask.dtype != bool:
        raise TypeError(f"mask must be bool (True = may attend), got {mask.dtype}")
    return mask
