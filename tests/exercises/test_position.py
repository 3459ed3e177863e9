import math

import numpy as np
import pytest
import torch

from attention_book import checks
from attention_book.exercises import position
from attention_book.exercises.position import _rotation as rotation
from attention_book.positions import sinusoidal
from tests.exercises.answers import refused

WRONG_ENCODINGS = {
    (0.03, 1.0, 0.00, 1.0): "radians",
    (-0.42, 0.91, 1.0, 0.02): "the sine comes first",
    (0.84, 0.54, 0.01, 1.0): "position 1",
    (0.14, -0.99, 0.03, 1.0): "position 3",
    (0.91, 0.02, -0.42, 1.0): "in turn",
    (0.91, -0.42, 0.20, 0.98): "not by 1/10.",
    (0.91, -0.42, 0.0, 1.0): "1/10000",
    (0.91, -0.42, 0.91, -0.42): "the same angle",
    (0.91, 0.42, 0.02, 1.0): "compute again: cosine of hand 0.",
    (0, 0, 0, 0): "compute again",
    (0.91, -0.42): "four numbers",
    (..., ..., ..., ...): "replace the dots",
}


def test_the_encoding():
    assert position.encoding([0.91, -0.42, 0.02, 1])
    assert position.encoding(sinusoidal(3, 4)[2])


@pytest.mark.parametrize("answer", WRONG_ENCODINGS)
def test_wrong_encodings(answer):
    assert WRONG_ENCODINGS[answer] in repr(position.encoding(list(answer)))


WRONG_RETURNS = {
    44: "another whole number",
    22: "away from its start",
    355: "half a turn too many",
    6: "still 0.2832 away",
    710.5: "whole number",
    0: "at least one",
    1420: "fewer than",
    ...: "replace the dots",
}


@pytest.mark.parametrize("k", WRONG_RETURNS)
def test_wrong_returns(k):
    assert WRONG_RETURNS[k] in repr(position.back(k))


def test_the_return():
    assert position.back(710)
    turn = 2 * math.pi
    assert min(range(1, 1000), key=lambda k: abs(k - turn * round(k / turn))) == 710


def sees(f, x, orders=20, same=torch.allclose, moved=lambda y, order: y[order]):
    for seed in range(orders):
        order = np.random.default_rng(seed).permutation(len(x))
        if not same(f(x[order]), moved(f(x), order)):
            return True
    return False


def close(a, b):
    return torch.allclose(a, b, rtol=0, atol=1e-10)


def by_the_library(f, x):
    try:
        checks.permutation_equivariant(f, x)
    except AssertionError:
        return True
    return False


def in_place(f, x):
    before = f(x)
    x[:] = x.flip(0)
    return not close(f(x), before.flip(0))


WRONG_TESTS = {
    "not moved": (lambda f, x: sees(f, x, same=close, moved=lambda y, order: y), "the new order"),
    "to the bit": (lambda f, x: sees(f, x, same=torch.equal), "rounding"),
    "turned around only": (lambda f, x: not close(f(x.flip(0)), f(x).flip(0)), "both neighbors"),
    "too generous": (lambda f, x: sees(f, x), "a millionth more"),
    "in place": (in_place, "changes x itself"),
    "always": (lambda f, x: True, "it accuses"),
    "never": (lambda f, x: False, "it misses"),
    "the library's": (by_the_library, "write it yourself"),
    "nothing": (lambda f, x: None, "return"),
    "dots": (lambda f, x: ..., "replace the dots"),
}


def test_a_test_of_order():
    assert position.order(lambda f, x: sees(f, x, same=close))


test_wrong_tests_of_order = refused(position.order, WRONG_TESTS)


BOTH = [*range(0, 32, 2), *range(1, 32, 2)]
WRONG_LAYOUTS = {
    "in turn": (rotation(3), "in turn"),
    "rows": (rotation(3)[BOTH], "incoming"),
    "columns": (rotation(3)[:, BOTH], "outgoing"),
    "undone": (rotation(3)[np.argsort(BOTH)][:, np.argsort(BOTH)], "exchange"),
    "back": (rotation(-3)[BOTH][:, BOTH], "three positions back"),
    "four": (rotation(4)[BOTH][:, BOTH], "away"),
    "nothing moves": (torch.eye(32), "away"),
    "size": (torch.eye(4), "32 by 32"),
    "dots": (..., "replace the dots"),
}


def test_the_layout():
    assert position.layout(rotation(3)[BOTH][:, BOTH])


test_wrong_layouts = refused(position.layout, WRONG_LAYOUTS)


WRONG_MATRICES = {
    "itself": (torch.eye(32), "finds itself"),
    "next": (rotation(1), "the other way"),
    "two": (rotation(-2), "right at 1 of 999"),
    "slowest": (torch.block_diag(torch.eye(30), rotation(-1)[-2:, -2:]), "finds itself"),
    "constant": (torch.zeros(32, 32), "right at 1 of 999"),
    "size": (torch.eye(2), "32 by 32"),
    "dots": (..., "replace the dots"),
}


def test_the_position_before():
    assert position.before(rotation(-1))
    assert position.before(torch.block_diag(rotation(-1)[:2, :2], torch.eye(30)))


test_wrong_matrices = refused(position.before, WRONG_MATRICES)
