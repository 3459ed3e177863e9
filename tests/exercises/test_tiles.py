import numpy as np
import torch

from attention_book import masks
from attention_book.exercises import tiles
from attention_book.streaming import Partial, merge
from tests.exercises.answers import accepted, all_refused


def crossing(d, heads, kept, d_ff):
    return d * (1 + kept / heads) + 3 * d_ff / 2


WRONG_CROSSING = {
    "one product": (lambda *layer: 2 * crossing(*layer), "two products"),
    "half": (lambda *layer: crossing(*layer) / 2, "T times a times b"),
    "two matrices": (lambda d, h, g, f: d * (1 + g / h) + f, "three matrices, not two"),
    "all heads kept": (lambda d, h, g, f: 2 * d + 1.5 * f, "fewer heads of keys"),
    "GPT-2": (lambda d, h, g, f: 2 * d + f, "the layer of GPT-2"),
    "all four narrow": (lambda d, h, g, f: 2 * d * g / h + 1.5 * f, "the queries and the output"),
    "one size": (lambda *layer: 26624, "crossing(512, 8, 8, 2048) is 4096"),
    "the head": (lambda *layer: 128, "crossing(4096, 32, 8, 14336) is 26624"),
    "nothing": (lambda *layer: None, "return"),
    "dots": (lambda *layer: ..., "replace the dots"),
}


def online(scores, tile, rescale=True, start=-np.inf, subtract=True):
    top, total = start, 0.0
    for place in range(0, len(scores), tile):
        part = scores[place : place + tile]
        larger = max(top, part.max())
        shift = larger if subtract else 0
        total *= np.exp(top - larger) if rescale else 1
        with np.errstate(over="ignore"):
            total += np.exp(part - shift).sum()
        top = larger
    return top, total


def last_tile(scores, tile):
    for place in range(0, len(scores), tile):
        part = scores[place : place + tile]
    return part.max(), np.exp(part - part.max()).sum()


def whole_tiles(scores, tile):
    parts = [scores[i * tile : i * tile + tile] for i in range(len(scores) // tile)]
    return online(tiles.Tape(np.concatenate(parts), tile), tile)


def two_passes(scores, tile):
    top = max(scores[i : i + tile].max() for i in range(0, len(scores), tile))
    return top, sum(np.exp(scores[i : i + tile] - top).sum() for i in range(0, len(scores), tile))


WRONG_ONLINE = {
    "no factor": (lambda s, t: online(s, t, rescale=False), "the old sum needs a factor"),
    "from zero": (lambda s, t: online(s, t, start=0.0), "negative scores: the maximum is -3"),
    "no maximum": (
        lambda s, t: online(s, t, rescale=False, subtract=False),
        "the sum relative to the maximum is 1.441",
    ),
    "the last tile": (last_tile, "comes late: the sum relative to the maximum is 1.441, not 1.135"),
    "whole tiles only": (whole_tiles, "1 of 5 scores were not read"),
    "two passes": (two_passes, "you read a score twice"),
    "all at once": (lambda s, t: (s[:].max(), 1), "you read 4 scores at once, of 2 a tile"),
    "one by one": (lambda s, t: (max(s), 1), "read a tile"),
    "one number": (lambda s, t: online(s, t)[1], "return two numbers"),
    "nothing": (lambda s, t: None, "return"),
    "dots": (lambda s, t: ..., "replace the dots"),
}


def merged(o1, z1, o2, z2):
    z = np.logaddexp(z1, z2)
    share = np.exp(z1 - z)[:, None]
    return share * o1 + (1 - share) * o2, z


def overflowing(o1, z1, o2, z2):
    a, b = np.exp(z1)[:, None], np.exp(z2)[:, None]
    return (a * o1 + b * o2) / (a + b), np.log(np.exp(z1) + np.exp(z2))


def by_logarithm(o1, z1, o2, z2):
    a, b = z1[:, None] + 1, z2[:, None] + 1
    return (a * o1 + b * o2) / (a + b), np.logaddexp(z1, z2)


WRONG_MERGED = {
    "the mean": (lambda o1, z1, o2, z2: ((o1 + o2) / 2, np.logaddexp(z1, z2)), "plain mean"),
    "overflow": (overflowing, "log-sum-exps of a thousand: not all is finite"),
    "weighed by z": (by_logarithm, "parts of three keys and one: o is [[2.0, 1.0]]"),
    "swapped": (lambda o1, z1, o2, z2: merged(o2, z1, o1, z2), "shares of the two parts"),
    "the sum of z": (lambda o1, z1, o2, z2: (merged(o1, z1, o2, z2)[0], z1 + z2), "logarithm of"),
    "the larger z": (
        lambda o1, z1, o2, z2: (merged(o1, z1, o2, z2)[0], np.maximum(z1, z2)),
        "logarithm of the sum",
    ),
    "another shape": (lambda o1, z1, o2, z2: (merged(o1, z1, o2, z2)[0][0], z1), "keep their"),
    "only o": (lambda *parts: merged(*parts)[0], "return both"),
    "nothing": (lambda *parts: None, "return"),
    "dots": (lambda *parts: ..., "replace the dots"),
}


def skipped(n_queries, n_keys, tile, kept=None):
    kept = n_keys - n_queries if kept is None else kept
    kinds = [0, 0, 0]
    for i in range(0, n_queries, tile):
        first, last = kept + i, kept + min(i + tile, n_queries) - 1
        for j in range(0, n_keys, tile):
            end = min(j + tile, n_keys) - 1
            kinds[0 if j > last else 1 if end <= first else 2] += 1
    return kinds


WRONG_SKIPPED = {
    "upper left": (lambda *s: skipped(*s, kept=0), "the last of the keys"),
    "one too far": (
        lambda q, k, t: skipped(q, k, t, kept=k - q + 1),
        "6 whole, 4 cut, not",
    ),
    "whole tiles only": (lambda q, k, t: (0, (q // t) * (k // t), 0), "hidden, 6 whole, 4 cut"),
    "all are cut": (lambda q, k, t: (0, 0, -(-q // t) * -(-k // t)), "0 hidden, 0 whole, 16 cut"),
    "the scores": (lambda q, k, t: (0, q * k, 0), "there are 16 tiles, not 64"),
    "one size": (lambda *s: (6, 6, 4), "skipped(4, 12, 2): there are 12 tiles"),
    "two numbers": (lambda *s: skipped(*s)[:2], "return three numbers"),
    "the library's": (lambda q, k, t: masks.causal_mask(q, k)[0, :3], "write it yourself"),
    "nothing": (lambda *s: None, "return"),
    "dots": (lambda *s: ..., "replace the dots"),
}

RIGHT = {
    tiles.crossing: crossing,
    tiles.online: online,
    tiles.merged: merged,
    tiles.skipped: skipped,
}
WRONG = {
    tiles.crossing: WRONG_CROSSING,
    tiles.online: WRONG_ONLINE,
    tiles.merged: WRONG_MERGED,
    tiles.skipped: WRONG_SKIPPED,
}


test_right_answers = accepted(RIGHT)


def test_the_library_may_merge():
    """It is no secret: whoever reads its source has understood it."""

    def ours(*arrays):
        o1, z1, o2, z2 = map(torch.from_numpy, arrays)
        return [x.numpy() for x in merge(Partial(o1, z1), Partial(o2, z2))]

    assert tiles.merged(ours)


test_wrong_answers = all_refused(WRONG)
