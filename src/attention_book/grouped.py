"""Several heads of queries that share one head of keys and values."""

from jaxtyping import Float
from torch import Tensor

from .kernel import fused


def repeated(x: Float[Tensor, "B Hkv T D"], size: int) -> Float[Tensor, "B H T D"]:
    """Each head `size` times in a row: one copy for each head of queries."""
    return x.repeat_interleave(size, dim=1)


def one_query(q, k, v, mask):
    """`attention` of a single token, which sees all that the mask leaves; nothing is copied.

    The heads that share keys become as many queries of one head, for which the keys are read once.
    """
    batch, n_heads, _, width = q.shape
    together = q.reshape(batch, k.shape[1], n_heads // k.shape[1], width)
    return fused(together, k, v, mask, False).reshape(batch, n_heads, 1, v.shape[3])
