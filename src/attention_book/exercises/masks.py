"""Chapter 8: masked self-attention."""

from functools import partial

import numpy as np
import torch

from .. import checks
from ..masks import causal_mask
from .verdict import by_hand, exercise, expect, result

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


def _leaky(row, token, by):
    """Five rows that mix the tokens before them, and one that takes a share of a later token."""
    weights = torch.ones(5, 5, dtype=torch.float64).tril()
    weights[row, token] = by
    return weights


LAYERS = {
    "an honest layer": (torch.ones(5, 5, dtype=torch.float64).tril(), False),
    "an honest layer whose rows take nothing but themselves": (torch.eye(5).double(), False),
    "a layer whose row 0 reads token 1": (_leaky(0, 1, 1.0), True),
    "a layer whose row 0 reads token 4 only": (_leaky(0, 4, 1.0), True),
    "a layer whose row 3 reads token 4": (_leaky(3, 4, 1.0), True),
    "a layer whose row 2 takes a billionth of token 3": (_leaky(2, 3, 1e-9), True),
}


@exercise
def leaks(answer):
    """Whether some row of f(x) changes when a later token of x does: answer(f, x)."""
    tokens = torch.tensor(np.random.default_rng(8).normal(size=(5, 3)))
    for name, (weights, leaky) in LAYERS.items():
        x = tokens.clone()
        found = bool(by_hand(answer, partial(torch.matmul, weights), x))
        expect(torch.equal(x, tokens), "it changes x itself: change a copy, x.clone().")
        expect(leaky or not found, f"it accuses {name}: compare the rows before the changed token.")
        expect(found or not leaky, f"it misses {name}: change every token, compare all bits.")


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


@exercise
def left(answer):
    """The causal mask of sentences padded on the left to n tokens: answer(lengths, n)."""
    for lengths, n in [([2, 4], 4), ([3, 1, 5], 5), ([2, 2], 2)]:
        mine = result(answer, torch.tensor(lengths), n)
        expect(getattr(mine, "dtype", None) == torch.bool, "a mask is a bool tensor.")
        shape = tuple(mine.shape)
        one_row = shape == (len(lengths), 1, 1, n) and n > 1
        expect(not one_row, "all queries share one row, so the future is open: & the causal mask.")
        right = f"({len(lengths)}, 1, {n}, {n})"
        expect(str(shape) == right, f"one mask for each sentence, of shape {right}, got {shape}.")
        for mask, length in zip(mine[:, 0], lengths, strict=True):
            real = mask[n - length :]  # what padding itself sees does not matter
            expect(not real[:, : n - length].any(), "padding on the left is open: flip the mask.")
            words = real[:, n - length :]
            expect(not words.triu(1).any(), "the future is open: & the causal mask.")
            expect(torch.equal(words, causal_mask(length)), "a real word before a query is hidden.")


@exercise
def documents(answer):
    """The causal mask of documents in one row, by each token's document: answer(document)."""
    for numbers in [[0, 0, 0, 1, 1], [0, 1, 1, 2], [7, 7], [2, 0, 0, 0, 1, 1]]:
        document, n = torch.tensor(numbers), len(numbers)
        mine = result(answer, document)
        expect(getattr(mine, "dtype", None) == torch.bool, "a mask is a bool tensor.")
        shape = tuple(mine.shape)
        expect(shape == (n, n), f"{n} queries down, {n} keys across, got {shape}.")
        alike = document[:, None] == document
        expect(not mine.triu(1).any(), "the future is open: & the causal mask.")
        expect(not (mine & ~alike).any(), "one document reads another: compare their numbers.")
        right = causal_mask(n) & alike
        expect(torch.equal(mine, right), "a token of the query's own document is hidden.")
