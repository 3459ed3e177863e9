"""Chapter 1: tokens and embeddings."""

import re
from collections import Counter
from itertools import pairwise

import numpy as np

from .. import weights
from ..tasks import language
from ..tokens import ByteBPE
from .verdict import by_hand, exercise, expect

LAW = (
    "a robot must obey the orders given it by human beings except where "
    "such orders would conflict with the first law"
)


@exercise
def bert(parameters, one_hot, embedded):
    """The numbers in BERT's table, and in its longest text, one-hot and embedded."""
    V, T, D = 30_522, 512, 768
    expect(parameters != T * D, "the table has one row for each token of the vocabulary.")
    expect(parameters != V, "each row of the table holds 768 numbers.")
    expect(parameters == V * D, "the table has a row for each token, 768 numbers wide.")
    expect(one_hot not in (T, V), "each one-hot vector of the text has a place for every token.")
    expect(one_hot == T * V, "one-hot, the text has 512 rows, as wide as the vocabulary.")
    expect(embedded != V * D, "this is the table; an embedded text has 512 rows.")
    expect(embedded == T * D, "embedded, the text has 512 rows of 768 numbers.")


@exercise
def learn(answer):
    """Byte-pair encoding of plain words: answer(text, n) gives n merges, or fewer."""
    more = language.corpus(40, 0).replace(" .", "")
    for text, n in [(LAW, 8), ("a b a b", 1), (LAW, 30), (more, 30), (LAW, 3)]:
        mine = list(by_hand(answer, text, n))
        pairs = all(isinstance(pair, str) and len(pair) == 2 for pair in mine)
        expect(pairs, "a merge is a text of two characters.")
        right = _learned(text, n)
        for fault, slip in _slips(text, n).items():
            expect(mine == right or mine != slip, fault)
        size = f"{len(right)} merges are to be had of this text, got {len(mine)}"
        expect(len(mine) <= len(right), f"{size}: stop when no pair occurs twice, or at n.")
        expect(len(mine) == len(right), f"{size}: go on as long as a pair occurs twice.")
        at = next((i for i, pair in enumerate(mine) if pair != right[i]), None)
        expect(at is None, f"with n = {n}, merge {at} is another one: count all pairs once more.")


def _slips(text, n):
    """What is learned instead, by what is wrong with it."""
    return {
        "count again after each merge: joining changes the counts.": _learned(text, n, stale=True),
        "keep the space in front of a word: it is part of what is cut.": _learned(
            text, n, text.split()
        ),
        "a pair reaches across a space: cut before each space first.": _learned(text, n, [text]),
        "of pairs equally frequent, the one with the smallest ids goes first.": _learned(
            text, n, tie=lambda pair: 0
        ),
        "each merge makes a new id: 256, then 257, and so on.": _learned(text, n, step=0),
    }


def _learned(text, n, words=None, stale=False, tie=str, step=1):
    words, merges = words or re.findall(r" ?\w+", text), []
    first = None
    while len(merges) < n:
        now = Counter(a + b for word in words for a, b in pairwise(word))
        first = first or now.copy()
        left = {pair: m for pair, m in (first if stale else now).items() if pair not in merges}
        best = min(left, key=lambda pair, left=left: (-left[pair], tie(pair)), default=None)
        if best is None or left[best] < 2:
            break
        words = [word.replace(best, chr(256 + step * len(merges))) for word in words]
        merges.append(best)
    return merges


@exercise
def nearest(answer):
    """The id of the nearest other row by cosine: answer(i, table)."""
    small = np.array([[2.0, 0], [1, 0.5], [9, 9], [-1, 0]])
    mine = by_hand(answer, 0, small.copy())
    expect(mine != 0, "that is row 0 itself; or did ids move when you cut it out?")
    expect(mine != 2, "a long vector won: divide by both lengths.")
    expect(mine != 3, "that is the farthest: take the largest cosine.")
    expect(mine == 1, "an id of the table is asked for: that of the largest cosine.")
    close = np.array([[1.0, 0], [0.3, 0.3], [3, 0.1]])
    expect(by_hand(answer, 0, close) == 2, "distance is not asked for: compare directions.")
    away = np.array([[-1, 0.5], [-1, 0.1], [1.0, 0]])
    expect(by_hand(answer, 2, away) == 0, "where all cosines are negative, you miss the largest.")
    table = _table()
    for i in range(len(table)):
        unit = table / np.linalg.norm(table, axis=1, keepdims=True)
        cosines = unit @ unit[i]
        cosines[i] = -np.inf
        expect(by_hand(answer, i, table.copy()) == cosines.argmax(), f"wrong for word {i}.")


@exercise
def long(text):
    """At most ten characters, forty tokens of the eight merges that the law teaches."""
    expect(isinstance(text, str), "a text is asked for.")
    expect(len(text) <= 10, f"{len(text)} characters: ten at most.")
    n, size = len(ByteBPE.train(LAW, 8).encode(text)), len(text.encode()) / max(len(text), 1)
    expect(size > 1, "plain letters are one byte each: leave the alphabet.")
    expect(n == 40, f"{n} tokens: your characters have {size:.1f} bytes each.")


@exercise
def turn(new):
    """The table of chapter 0's model with other directions, but the same cosines and lengths."""
    table, new = _table(), np.asarray(new, dtype=float)
    expect(new.shape == table.shape, "41 rows of 32 numbers.")
    lengths, wanted = np.linalg.norm(new, axis=1), np.linalg.norm(table, axis=1)
    expect(lengths.min() > 0, "a row of zeros has no direction.")
    along = (table * new).sum(axis=1) / (lengths * wanted)
    expect(not np.allclose(along, 1), "all rows point where they did.")
    unit, old = new / lengths[:, None], table / wanted[:, None]
    gap = np.abs(unit @ unit.T - old @ old.T).max()
    expect(gap < 1e-9, f"a cosine moved by {gap:.2f}: treat all rows alike.")
    expect(np.allclose(lengths, wanted), "the cosines stayed, the lengths did not.")
    expect(along.max() < 0.999, "one row still points where it did.")


def _table():
    model = weights.load("pronouns-1-head").double()
    return model.embeddings.tokens.weight.detach().numpy()
