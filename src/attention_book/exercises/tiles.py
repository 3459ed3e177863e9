"""Chapter 17: attention in tiles and in parts."""

import numpy as np

from ..masks import causal_mask
from .verdict import by_hand, exercise, expect, result

LAYERS = [  # d_model, n_heads, kv_heads, d_ff
    (4096, 32, 8, 14336),
    (512, 8, 8, 2048),
    (1024, 16, 1, 2560),
    (64, 4, 2, 32),
]


@exercise
def crossing(answer):
    """The tokens at which the products cost as much as the rest of a layer of Llama 3.1."""
    for layer in LAYERS:
        d, heads, kept, d_ff = layer
        mine, shared, wide = by_hand(answer, *layer), 1 + kept / heads, 3 * d_ff / 2
        right = shared * d + wide
        expect(mine != 2 * right, "scores and mixture: two products of T times T times d.")
        expect(mine != right / 2, "a product of T x a and a x b takes T times a times b.")
        expect(mine != shared * d + d_ff, "the feed-forward network has three matrices, not two.")
        expect(mine != 2 * d + wide or kept == heads, "fewer heads of keys make narrower keys.")
        expect(mine != 2 * d + d_ff or mine == right, "that is the layer of GPT-2, not of Llama.")
        narrow = 2 * kept / heads * d + wide
        expect(mine != narrow or kept == heads, "the queries and the output have all heads.")
        expect(mine == right, f"crossing{layer} is {right:g}: set both costs equal.")


class Tape:
    """Scores that can be read in slices of at most one tile, and each of them once."""

    def __init__(self, scores, tile):
        self.scores, self.tile, self.read = np.array(scores, dtype=float), tile, set()

    def __len__(self):
        return len(self.scores)

    def __getitem__(self, place):
        expect(isinstance(place, slice), "read a tile: scores[start : start + tile].")
        places = range(len(self))[place]
        many = f"you read {len(places)} scores at once, of {self.tile} a tile."
        expect(len(places) <= self.tile, many)
        expect(not self.read & set(places), "you read a score twice: one pass has to do.")
        self.read |= set(places)
        return self.scores[place].copy()


ROWS = {  # a row of scores, and how many make a tile
    "a row whose maximum comes late": ([0.0, 1.0, 2.5, 0.5], 2),
    "a row whose maximum comes first": ([3.0, 1.0, 0.0, 2.0], 2),
    "a row of negative scores": ([-5.0, -3.0, -4.0], 1),
    "a row whose last tile is short": ([0.0, 2.0, 1.0, 3.0, 1.0], 2),
    "a row with scores of a thousand": ([1000.0, 999.0, 1001.0, 998.0], 2),
    "a row that is one tile": ([1.0, 2.0, 3.0], 5),
}


@exercise
def online(answer):
    """Maximum and sum of a row that is read tile by tile, once: answer(scores, tile)."""
    for name, (row, tile) in ROWS.items():
        scores = Tape(row, tile)
        mine = result(answer, scores, tile)
        expect(np.shape(mine) == (2,), "return two numbers: the maximum and the sum.")
        top, total = map(float, mine)
        missing = len(row) - len(scores.read)
        expect(not missing, f"{name}: {missing} of {len(row)} scores were not read.")
        expect(top == max(row), f"{name}: the maximum is {max(row):g}, you have {top:g}.")
        right = np.exp(np.array(row) - max(row)).sum()
        parts = np.split(np.array(row), range(tile, len(row), tile))
        tops = np.maximum.accumulate([part.max() for part in parts])
        stale = sum(np.exp(p - t).sum() for p, t in zip(parts, tops, strict=True))
        expect(np.isfinite(total), f"{name}: the sum is {total}: subtract the maximum first.")
        forgot = abs(total - stale) < 1e-9 < abs(right - stale)
        expect(not forgot, f"{name}: when the maximum rises, the old sum needs a factor.")
        close = abs(total - right) < 1e-9
        expect(close, f"{name}: the sum relative to the maximum is {right:.3f}, not {total:.3f}.")


PARTS = {  # the outputs of two parts, and the log-sum-exps of their scores
    "two parts of one weight": ([[1.0]], [0.0], [[3.0]], [0.0]),
    "parts of three keys and one": ([[1.0, 0.0]], [np.log(3)], [[5.0, 4.0]], [0.0]),
    "two queries": ([[1.0], [1.0]], [0.0, 2.0], [[3.0], [3.0]], [1.0, 0.0]),
    "log-sum-exps of a thousand": ([[2.0]], [1000.0], [[4.0]], [999.0]),
    "log-sum-exps of minus a thousand": ([[2.0]], [-1000.0], [[4.0]], [-999.0]),
    "a part in which nothing is seen": ([[7.0]], [0.5], [[0.0]], [-np.inf]),
}


@exercise
def merged(answer):
    """Two partial results as one: answer(o1, z1, o2, z2) gives o and z."""
    for name, arrays in PARTS.items():
        o1, z1, o2, z2 = map(np.array, arrays)
        with np.errstate(all="ignore"):
            mine = result(answer, o1.copy(), z1.copy(), o2.copy(), z2.copy())
        expect(isinstance(mine, list | tuple) and len(mine) == 2, "return both, o and z.")
        o, z = (np.asarray(x, dtype=float) for x in mine)
        expect(o.shape == o1.shape and z.shape == z1.shape, "o and z keep their shapes.")
        right_z = np.logaddexp(z1, z2)
        share = np.exp(z1 - right_z)[:, None]
        right = share * o1 + (1 - share) * o2
        finite = np.isfinite(o).all() and np.isfinite(z).all()
        expect(finite, f"{name}: not all is finite; subtract the larger z first.")
        halves = (o1 + o2) / 2
        middle = np.allclose(o, halves) and not np.allclose(right, halves)
        expect(not middle, f"{name}: this is the plain mean; a part counts by its weight, e^z.")
        swapped = np.allclose(o, share * o2 + (1 - share) * o1) and not np.allclose(o, right)
        expect(not swapped, f"{name}: the shares of the two parts are swapped.")
        expect(np.allclose(o, right), f"{name}: o is {_short(right)}, not {_short(o)}.")
        said = "z is the logarithm of the sum of both weights"
        expect(np.allclose(z, right_z), f"{name}: {said}, {_short(right_z)}.")


def _short(x):
    return x.round(3).tolist()


def _kinds(n_queries, n_keys, tile, mask):
    blocks = [
        mask[i : i + tile, j : j + tile]
        for i in range(0, n_queries, tile)
        for j in range(0, n_keys, tile)
    ]
    hidden = sum(not block.any() for block in blocks)
    whole = sum(bool(block.all()) for block in blocks)
    return hidden, whole, len(blocks) - hidden - whole


@exercise
def skipped(answer):
    """How many tiles are hidden, whole and cut: answer(n_queries, n_keys, tile)."""
    for sizes in [(8, 8, 2), (4, 12, 2), (6, 9, 4), (1, 7, 3), (5, 5, 1), (3, 64, 16)]:
        n_queries, n_keys, _ = sizes
        mine = by_hand(answer, *sizes)
        expect(np.shape(mine) == (3,), "return three numbers: hidden, whole, cut.")
        mine = tuple(map(int, mine))
        right = _kinds(*sizes, causal_mask(n_queries, n_keys).numpy())
        left = _kinds(*sizes, np.tri(n_queries, n_keys, dtype=bool))
        total = f"skipped{sizes}: there are {sum(right)} tiles, not {sum(mine)}."
        expect(sum(mine) == sum(right), total)
        expect(mine == right or mine != left, "the queries are the last of the keys.")
        counts = "{} hidden, {} whole, {} cut"
        said = f"{counts.format(*right)}, not {counts.format(*mine)}"
        expect(mine == right, f"skipped{sizes}: {said}.")
