"""Exhibits of caches and of padding on the left."""

from types import SimpleNamespace

import torch

from ..verdict import exercise, expect
from .drawn import drawn, made


def future(n_queries, n_keys):
    """The causal mask of the last queries among the keys."""
    return torch.ones(n_queries, n_keys).tril(n_keys - n_queries).bool()


def after(n_new, past):
    """The places of new tokens behind the past ones."""
    return torch.arange(past, past + n_new)


class Little:
    """One attention over letters, with a cache; its mask and its places can be replaced.

    `mask(n_queries, n_keys)` says who sees whom, `positions(n_new, past)` where new tokens stand.
    Shapes: ids (B, T) -> logits (B, T, V). The numbers in it are random.
    """

    config = SimpleNamespace(n_layers=1)

    def __init__(self, mask=future, positions=after):
        self.mask, self.positions = mask, positions
        self.letters, self.places = drawn((8, 6), (32, 6), seed=2)

    def __call__(self, ids, caches=None):
        past = caches[0].length if caches else 0
        places = self.places[self.positions(ids.shape[1], past)]
        x = (self.letters[ids] + places)[:, None]
        k, v = caches[0].append(x, x) if caches else (x, x)
        scores = x @ k.mT / x.shape[-1] ** 0.5
        sees = self.mask(*scores.shape[-2:])
        weights = scores.masked_fill(~sees, -torch.inf).softmax(-1)
        return (weights @ v)[:, 0] @ self.letters.T


@exercise
def square(answer):
    """The causal mask of new queries behind cached keys: answer(n_queries, n_keys)."""
    for sizes in [(1, 5), (3, 5), (4, 4), (1, 1)]:
        mine = made(answer, *sizes, shape=sizes)
        expect(mine.dtype == torch.bool, "a mask is a bool tensor.")
        oldest = "the first query is not the first token: it stands behind the cached keys."
        expect(sizes[0] == sizes[1] or not torch.equal(mine, torch.ones(sizes).tril() > 0), oldest)
        expect(mine[-1].all(), "the last query is the newest token and sees all keys.")
        expect(torch.equal(mine, future(*sizes)), f"{sizes}: a query sees its own key, and before.")


@exercise
def restart(answer):
    """The places of new tokens behind past ones: answer(n_new, past)."""
    for n_new, past in [(4, 0), (1, 4), (3, 5)]:
        mine = made(answer, n_new, past, shape=(n_new,))
        again = "each step begins again at place 0: where does a token behind the past stand?"
        expect(past == 0 or not torch.equal(mine, torch.arange(n_new)), again)
        right = after(n_new, past)
        expect(torch.equal(mine, right), f"{n_new} tokens behind {past}: {right.tolist()}.")


@exercise
def left(answer):
    """Each word's place in its own text: answer(words), words (B, T) False at padding."""
    rows = [[0, 0, 1, 1, 1], [1, 1, 1, 1, 1], [0, 0, 0, 0, 1]]
    words = torch.tensor(rows).bool()
    mine = made(answer, words, shape=(3, 5))
    expect(not mine.is_floating_point(), "places are whole numbers.")
    expect((mine >= 0).all(), "padding needs some place too: no table has a row −1.")
    alike = (mine == torch.arange(5)).all()
    expect(not alike, "the first word of a short text stands at place 0, not behind its padding.")
    for row, places in zip(words, mine, strict=True):
        right = torch.arange(int(row.sum()))
        expect(torch.equal(places[row], right), f"its words stand at {right.tolist()}.")
