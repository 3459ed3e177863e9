import numpy as np
import pytest
import torch

from attention_book import reference
from attention_book.exercises import scaling
from tests.exercises.answers import refused

WRONG_SHARES = {
    (0.98, 0.02): "divide the dot products",
    (0.56, 0.44): "root of 16",
    (0.54, 0.46): "width of the tokens",
    (0.75, 0.25): "powers of e",
    (0.27, 0.73): "larger dot product",
    (0.73, 0.73): "add up to 1",
    (0.73, 0.25, 0.02): "two shares",
    (0.6, 0.4): "differ",
}
WRONG_SLOPES = {
    (0.197, 0.018): "comes first",
    (0.964, 0.534): "1 − a",
    (0.018, 0.049): "no further 4",
    (0.25, 0.25): "differ",
    (-0.018, -0.197): "rises",
}
WRONG_WIDTHS = {8: "of which width", 16: "too sharp: wider", 256: "narrower", 63.9: "whole number"}
WRONG_TOTALS = {
    "softmax": (lambda s: s.softmax(-1), "never sums"),
    "one whole": (lambda s: s.relu() / s.relu().sum(-1, keepdim=True), "never sums"),
    "over the length": (lambda s: s.relu() / s.shape[-1], "marked ones count 0.06"),
    "for 16 tokens": (lambda s: 16 * s.relu() / s.shape[-1], "of 64 tokens"),
    "the powers": (lambda s: s.exp(), "unmarked tokens still count"),
    "one number": (lambda s: 1.0, "one weight for each"),
    "nothing": (lambda s: None, "return"),
}


def log_softmax(row):
    shifted = row - row.max()
    return shifted - np.log(np.exp(shifted).sum())


WRONG_LOGS = {
    "the shares": (lambda s: np.exp(s) / np.exp(s).sum(), "these are the shares"),
    "afterwards": (lambda s: np.log(np.exp(s - s.max()) / np.exp(s - s.max()).sum()), "rounded"),
    "unshifted": (lambda s: s - np.log(np.exp(s).sum()), "overflowed"),
    "base 10": (lambda s: log_softmax(s) / np.log(10), "even small"),
    "one row": (lambda s: log_softmax(np.array([0.0, 1.0, 2.0])), "rounded"),
    "the library's": (lambda s: np.log(reference.softmax(s)), "write it yourself"),
    "nothing": (lambda s: None, "return"),
}


def test_right_answers():
    assert scaling.shares([0.73, 0.27])
    assert scaling.shares([2.72 / 3.72, 1 / 3.72])
    assert scaling.slopes(0.018, 0.197)
    assert scaling.slopes(0.02, 0.2)
    assert scaling.width(64)
    assert scaling.total(torch.relu)
    assert scaling.total(lambda scores: (scores > 0).double())
    assert scaling.log_softmax(log_softmax)


@pytest.mark.parametrize("answer", WRONG_SHARES)
def test_wrong_shares(answer):
    assert WRONG_SHARES[answer] in repr(scaling.shares(list(answer)))


@pytest.mark.parametrize("answer", WRONG_SLOPES)
def test_wrong_slopes(answer):
    assert WRONG_SLOPES[answer] in repr(scaling.slopes(*answer))


@pytest.mark.parametrize("answer", WRONG_WIDTHS)
def test_wrong_widths(answer):
    assert WRONG_WIDTHS[answer] in repr(scaling.width(answer))


test_wrong_totals = refused(scaling.total, WRONG_TOTALS)


test_wrong_logarithms = refused(scaling.log_softmax, WRONG_LOGS)


def test_dots_are_no_answer():
    for verdict in (
        scaling.shares([..., ...]),
        scaling.slopes(..., ...),
        scaling.width(...),
        scaling.total(...),
        scaling.log_softmax(...),
    ):
        assert "replace the dots" in repr(verdict)
