import math

import numpy as np
import pytest

from attention_book import reference
from attention_book.examples import KEYS, QUERIES
from attention_book.exercises import self_attention
from tests.exercises.answers import refused

Q, ORDERS = QUERIES[8], 6
REST = np.delete(np.exp(KEYS @ Q / 2), ORDERS).sum()

WRONG_ROWS = {
    (0.09, 0.67): "three shares",
    (0.02, 0.87, 0.12): "root of 4",
    (0.19, 0.51, 0.31): "root of the width, not by it",
    (0.17, 0.5, 0.33): "powers of e",
    (0.09, 0.24, 0.67): "keep the order",
    (2.72, 20.09, 7.39): "add up to 1",
    (1 / 3, 1 / 3, 1 / 3): "a share is off",
    (..., ..., ...): "replace the dots",
}


@pytest.mark.parametrize("shares", [[0.09, 0.67, 0.24], [0.0900, 0.6652, 0.2447]])
def test_the_row(shares):
    assert self_attention.row(shares)
    assert self_attention.row(dict(zip(("robot", "orders", "obey"), shares, strict=True)))


@pytest.mark.parametrize("answer", WRONG_ROWS)
def test_wrong_rows(answer):
    assert WRONG_ROWS[answer] in repr(self_attention.row(list(answer)))


def test_a_row_by_other_names():
    assert "each of robot" in repr(self_attention.row({"it": 0.09, "robot": 0.67, "obey": 0.24}))


def weights(scores, axis=1):
    return np.exp(scores) / np.exp(scores).sum(axis=axis, keepdims=True)


def lines(q, k, v):
    return weights(q @ k.T / math.sqrt(q.shape[1])) @ v


WRONG_LINES = {
    "weights": (lambda q, k, v: weights(q @ k.T / math.sqrt(q.shape[1])), "these are the weights"),
    "no root": (lambda q, k, v: weights(q @ k.T) @ v, "divide the scores"),
    "the width": (lambda q, k, v: weights(q @ k.T / q.shape[1]) @ v, "not by the width"),
    "words": (lambda q, k, v: weights(q @ k.T / math.sqrt(len(k))) @ v, "number of words"),
    "axis": (lambda q, k, v: weights(q @ k.T / math.sqrt(q.shape[1]), 0) @ v, "sum along axis 1"),
    "powers": (lambda q, k, v: np.exp(q @ k.T / math.sqrt(q.shape[1])) @ v, "not yet divided"),
    "scores": (lambda q, k, v: q @ k.T / math.sqrt(q.shape[1]) @ v, "softmax is missing"),
    "one size": (lambda q, k, v: weights(q @ k.T / 2) @ v, "sizes stand in your lines"),
    "constant": (lambda q, k, v: np.zeros((9, 2)), "wrong for 9 queries"),
    "the library's": (lambda q, k, v: reference.attention(q, k, v), "write it yourself"),
    "nothing": (lambda q, k, v: None, "return"),
    "dots": (lambda q, k, v: ..., "replace the dots"),
    "error": (lambda q, k, v: q @ k, "ValueError"),
}


def test_the_lines():
    assert self_attention.attention(lines)


test_wrong_lines = refused(self_attention.attention, WRONG_LINES)


WRONG_FACTORS = {
    "too small": (3, ["<s>", "obey", "given"], "gaps between the scores"),
    "turned": (-10, ["<s>", "obey", "given"], "must be positive"),
    "robot still": (10, ["robot"], "the largest score is now"),
    "second": (10, ["<s>", "must"], "must: another word"),
    "one of three": (10, ["obey"], "look for all"),
    "a word": (10, "obey", "a list"),
    "dots": (10, [...], "replace the dots"),
}


def test_a_louder_query():
    assert self_attention.louder(10, ["given", "obey", "<s>"])


test_wrong_factors = refused(self_attention.louder, WRONG_FACTORS)


def moved(target, old=Q @ KEYS[ORDERS], along=1 / (Q @ Q)):
    return KEYS[ORDERS] + (target - old) * along * Q


WRONG_KEYS = {
    "of the rest": (moved(2 * math.log(0.9 * REST)), "below one half"),
    "no root": (moved(math.log(9 * REST)), "root of D"),
    "old score": (moved(2 * math.log(9 * REST), old=0), "subtract it"),
    "q·q": (moved(2 * math.log(9 * REST), along=1), "divide by it"),
    "as it was": (KEYS[ORDERS], "not 0.9"),
    "huge": (KEYS[ORDERS] * 1000, "not 0.9"),
    "all keys": (KEYS, "four numbers"),
    "dots": ([..., ..., ..., ...], "replace the dots"),
}


def test_a_key_for_orders():
    assert self_attention.orders(moved(2 * math.log(9 * REST)))
    assert self_attention.orders([0, 2 * math.log(9 * REST), 0, 0])


test_wrong_keys = refused(self_attention.orders, WRONG_KEYS)


WRONG_SHIFTS = {
    "as they were": (KEYS, "9 of the nine keys"),
    "all but one": (KEYS + np.eye(9)[:, [0]] - 1, "1 of the nine keys"),
    "twice": (2 * KEYS + 1, "keep gaps"),
    "noise": (np.random.default_rng(0).normal(size=(9, 4)), "keep gaps"),
    "one": (KEYS[0] + 1, "nine keys"),
    "dots": (..., "replace the dots"),
}


def test_shifted_keys():
    assert self_attention.shift(KEYS + np.array([1, -2, 3, 0.5]))


test_wrong_shifts = refused(self_attention.shift, WRONG_SHIFTS)
