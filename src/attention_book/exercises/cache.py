"""Chapter 9: the KV cache."""

import numpy as np
import torch

from ..cache import KVCache
from ..counting import cached_generation_macs, generation_macs
from ..masks import causal_mask
from .verdict import by_hand, exercise, expect


@exercise
def mib(answer):
    """MiB of a cache in half precision: answer(n_layers, n_heads, d_head, n_words)."""
    for sizes in [(24, 16, 64, 1024), (48, 25, 64, 1024), (12, 12, 32, 512)]:
        mine, right = by_hand(answer, *sizes), 4 * np.prod(sizes) / 2**20
        expect(mine != right / 2, "a key and a value of 2 bytes a number: two factors of 2.")
        expect(mine != right / 4, "a key and a value, and 2 bytes for each number.")
        expect(mine != 2 * right, "in half precision a number takes 2 bytes.")
        expect(mine != right / sizes[0], "every layer keeps its own.")
        expect(mine != right / sizes[1], "every head keeps its own.")
        expect(mine != right * 2**20, "these are bytes: divide by 1024 twice.")
        expect(mine != right * 2**20 / 10**6, "one MiB is 1024 times 1024 bytes, not a million.")
        expect(mine == right, f"mib{sizes} is {right:g}: multiply all six factors.")


@exercise
def behind(answer):
    """The mask of new words behind kept ones: answer(new, kept)."""
    for new, kept in [(3, 5), (1, 4), (2, 0), (4, 1)]:
        mine = by_hand(answer, new, kept)
        expect(getattr(mine, "dtype", None) == torch.bool, "a mask is a bool tensor.")
        shape = tuple(mine.shape)
        right = f"{new} queries down, all {new + kept} keys across"
        expect(shape == (new, new + kept), f"{right}, got {shape}.")
        expect(mine[:, :kept].all(), "a new word sees all kept ones: the last rows of the mask.")
        expect(mine.diagonal(kept).all(), "each new word sees itself.")
        expect(not mine.triu(kept + 1).any(), "a new word sees no word after it.")
        square = causal_mask(new + kept)
        expect(torch.equal(mine, square[kept:]), "it also sees the new words before it.")


@exercise
def forget(answer):
    """A cache of one word fewer, or more: answer(cache, n) makes it forget the last n."""
    for length, n in [(6, 2), (5, 3), (4, 1)]:
        cache = KVCache(8)
        vectors = torch.arange(4.0 * length).view(1, 1, length, 4)
        cache.append(vectors, -vectors)
        expect(answer(cache, n) is not ..., "replace the dots by your answer.")
        room = cache.k.shape[2] == cache.v.shape[2] == 8
        expect(room, "leave the room as it is: change what counts as kept.")
        expect(cache.length != length, "all words still count: even a key of zeros gets a share.")
        expect(cache.length != n, "n words are to be forgotten, not kept.")
        still = f"of {length} words {length - n} must stay, but {cache.length} do."
        expect(cache.length == length - n, still)
        new = torch.full((1, 1, 1, 4), 99.0)
        keys, values = cache.append(new, new)
        expected = torch.cat((vectors[:, :, : length - n], new), 2)
        kept = torch.equal(keys, expected) and torch.equal(values[:, :, :-1], -expected[:, :, :-1])
        expect(kept, "the keys and values of the words before have to stay as they are.")


def _with_gap(rows, gaps):
    full = np.random.default_rng(9).normal(size=(rows, 3))
    other = full.copy()
    for (row, column), gap in gaps.items():
        other[row, column] += gap
    return full, other


ROWS = {  # two outputs, and how many rows are right before the first wrong one
    "all rows alike": (6, {}, 6),
    "rows that differ by 1e-12, as sums in another order do": (5, {(1, 0): 1e-12}, 5),
    "a wrong row 0": (5, {(0, 1): 1.0}, 0),
    "one wrong number in row 2": (5, {(2, 2): 0.5}, 2),
    "a number of row 3 that is too small": (5, {(3, 0): -0.5}, 3),
    "two wrong rows, 1 and 4": (6, {(4, 0): 1.0, (1, 2): 0.1}, 1),
    "a row 2 whose errors add up to 0": (4, {(2, 0): 1.0, (2, 1): -1.0}, 2),
}


@exercise
def first_wrong(answer):
    """How many rows agree within 1e-9 before the first that does not: answer(full, cached)."""
    for name, (rows, gaps, right) in ROWS.items():
        mine = by_hand(answer, *_with_gap(rows, gaps))
        expect(mine == right, f"for {name}, out of {rows}, it gives {mine} in place of {right}.")


@exercise
def fair(answer):
    """Multiply-adds of a head that asks the last query only: answer(n_tokens, d)."""
    for n, d in [(20, 64), (7, 16), (3, 8)]:
        mine, everything = by_hand(answer, n, d), generation_macs(n, d)
        queries = sum((t - 1) * d**2 for t in range(1, n + 1))
        products = sum((t - 1) * 2 * t * d for t in range(1, n + 1))
        cached = cached_generation_macs(n, d)
        expect(mine != everything, "these are all queries: ask only the last.")
        expect(mine != everything - products, "one word needs a query: project one.")
        expect(mine != everything - queries, "one query has t scores, not t times t.")
        expect(mine != cached, "keys and values of all t words are made anew.")
        right = everything - queries - products
        expect(mine == right, f"fair({n}, {d}) is {right:,}: add the parts of the hint.")
