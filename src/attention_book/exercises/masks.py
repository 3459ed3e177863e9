"""Chapter 8: masked self-attention."""

import numpy as np
import torch

from .. import checks
from ..masks import causal_mask
from .verdict import by_hand, exercise, expect

OBEY = np.array([0.53, 0.98, 0.95, 0.14]) / 4  # its four scores, divided


def _shares(scores):
    return np.exp(scores) / np.exp(scores).sum()


@exercise
def row(shares):
    """The four shares of *obey* under the causal mask, to two decimals."""
    expect(len(shares) == 4, "four shares, one for each word.")
    expect(shares[3] == 0, "orders comes after obey, so its share is exactly 0.")
    undivided, linear = _shares(4 * OBEY[:3])[0], OBEY[0] / OBEY[:3].sum()
    expect(abs(sum(shares) - 1) < 0.02, "the shares must add up to 1: mask before you divide.")
    expect(abs(shares[0] - undivided) > 0.012, "divide the scores by 4 first.")
    expect(abs(shares[0] - linear) > 0.012, "divide powers of e by their sum, not scores.")
    checks.same(shares, [*_shares(OBEY[:3]), 0], tolerance=0.011)


@exercise
def window(answer):
    """A causal mask that opens at most `back` keys before each query: answer(n, back)."""
    for n, back in [(6, 2), (5, 0), (3, 7), (1, 1)]:
        mine = by_hand(answer, n, back)
        expect(getattr(mine, "dtype", None) == torch.bool, "a mask is a bool tensor.")
        expect(mine.shape == (n, n), f"{n} queries down, {n} keys across, got {tuple(mine.shape)}.")
        expect(mine.diagonal().all(), "each query sees itself.")
        expect(not mine.triu(1).any(), "the future is open: keys after the query.")
        right = causal_mask(n).triu(-back)
        expect(mine.sum() >= right.sum(), "too narrow: `back` keys before the query, and itself.")
        expect(torch.equal(mine, right), f"window({n}, {back}) opens a key too far back.")
