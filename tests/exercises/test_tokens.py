import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from attention_book import weights
from attention_book.exercises import tokens
from attention_book.tokens import ByteBPE
from tests.exercises.answers import refused

TABLE = weights.load("pronouns-1-head").double().embeddings.tokens.weight.detach().numpy()
BERT = (23_440_896, 15_627_264, 393_216)
WRONG_BERTS = {
    (393_216, *BERT[1:]): "one row for each token of the vocabulary",
    (30_522, *BERT[1:]): "768 numbers",
    (BERT[0], 512, BERT[2]): "a place for every token",
    (BERT[0], BERT[2], BERT[1]): "512 rows, as wide as the vocabulary",
    (BERT[0], BERT[1], BERT[0]): "this is the table",
    (1, 1, 1): "the table has a row for each token",
    (..., ..., ...): "replace the dots",
}


def test_the_table_of_bert():
    assert tokens.bert(*BERT)


@pytest.mark.parametrize("answer", WRONG_BERTS)
def test_wrong_tables(answer):
    assert WRONG_BERTS[answer] in repr(tokens.bert(*answer))


def learn(text, n, words=None, tie=str, least=2, again=True, new=1):
    words, merges, first = words or re.findall(r" ?\w+", text), [], None
    while len(merges) < n:
        counts = Counter(a + b for word in words for a, b in pairwise(word))
        first = first or counts
        if not again:
            counts = {pair: n for pair, n in first.items() if pair not in merges}
        if not counts:
            break
        best = min(counts, key=lambda pair, counts=counts: (-counts[pair], tie(pair)))
        if counts[best] < least:
            break
        words = [word.replace(best, chr(256 + new * len(merges))) for word in words]
        merges.append(best)
    return merges


def by_the_library(text, n):
    return [chr(a) + chr(b) for a, b in ByteBPE.train(text, n).merges]


WRONG_MERGES = {
    "stale counts": (lambda t, n: learn(t, n, again=False), "count again after each merge"),
    "no spaces": (lambda t, n: learn(t, n, t.split()), "keep the space"),
    "across spaces": (lambda t, n: learn(t, n, [t]), "reaches across a space"),
    "first of equals": (lambda t, n: learn(t, n, tie=lambda pair: 0), "smallest ids goes first"),
    "one id for all": (lambda t, n: learn(t, n, new=0), "each merge makes a new id"),
    "once is enough": (lambda t, n: learn(t, n, least=1), "no pair occurs twice"),
    "three times": (lambda t, n: learn(t, n, least=3), "as long as a pair occurs twice"),
    "pairs of ids": (lambda t, n: [(32, 111)] * n, "text of two characters"),
    "the library's": (by_the_library, "write it yourself"),
    "a constant": (lambda t, n: learn(tokens.LAW, 8), "merges are to be had"),
    "always 8": (lambda t, n: learn(t, 8), "merges are to be had"),
    "nothing": (lambda t, n: None, "return"),
    "dots": (lambda t, n: ..., "replace the dots"),
}


def test_the_merges():
    assert tokens.learn(learn), tokens.learn(learn)
    assert learn(tokens.LAW, 30) == by_the_library(tokens.LAW, 30)


test_wrong_merges = refused(tokens.learn, WRONG_MERGES)


def cosines(i, table):
    unit = table / np.linalg.norm(table, axis=1, keepdims=True)
    return unit @ unit[i]


def nearest(i, table, own=-2):
    near = cosines(i, table)
    near[i] = own
    return near.argmax()


def by_distance(i, table):
    far = np.linalg.norm(table - table[i], axis=1)
    far[i] = np.inf
    return far.argmin()


WRONG_NEIGHBORS = {
    "itself": (lambda i, t: cosines(i, t).argmax(), "row 0 itself"),
    "cut out": (lambda i, t: np.delete(cosines(i, t), i).argmax(), "did ids move"),
    "dot product": (lambda i, t: (t @ t[i] - 99 * np.eye(len(t))[i]).argmax(), "long vector won"),
    "distance": (by_distance, "compare directions"),
    "farthest": (lambda i, t: cosines(i, t).argmin(), "farthest"),
    "own is 0": (lambda i, t: nearest(i, t, 0), "all cosines are negative"),
    "a row": (lambda i, t: t[nearest(i, t)].sum(), "an id of the table"),
    "a constant": (lambda i, t: 1, "compare directions"),
    "nothing": (lambda i, t: None, "return"),
    "dots": (lambda i, t: ..., "replace the dots"),
}


def test_the_neighbors():
    assert tokens.nearest(nearest)


test_wrong_neighbors = refused(tokens.nearest, WRONG_NEIGHBORS)


WRONG_TEXTS = {
    "abcdefghij": "one byte each",
    "机器人机器人机器人机": "3.0 bytes each",
    "\N{ROBOT FACE}" * 11: "ten at most",
    "\N{ROBOT FACE}" * 9: "36 tokens",
    "": "leave the alphabet",
    ...: "replace the dots",
    40: "a text is asked for",
}


def test_the_long_text():
    assert tokens.long("\N{ROBOT FACE}" * 10)


@pytest.mark.parametrize("answer", WRONG_TEXTS)
def test_wrong_texts(answer):
    assert WRONG_TEXTS[answer] in repr(tokens.long(answer))


WRONG_TURNS = {
    "the same": (TABLE, "all rows point where they did"),
    "longer": (2 * TABLE, "all rows point where they did"),
    "turned and longer": (-2 * TABLE, "the lengths did not"),
    "one row": (TABLE * np.where(np.arange(41) == 3, -1, 1)[:, None], "treat all rows alike"),
    "moved": (TABLE + 1, "treat all rows alike"),
    "rows in another order": (np.roll(TABLE, 1, axis=0), "treat all rows alike"),
    "zeros": (0 * TABLE, "no direction"),
    "transposed": (TABLE.T, "41 rows of 32"),
    "dots": (..., "replace the dots"),
}


def test_the_turn():
    assert tokens.turn(np.roll(TABLE, 1, axis=1))
    assert tokens.turn(-TABLE)


test_wrong_turns = refused(tokens.turn, WRONG_TURNS)
