"""Digits in, the same digits out in another order: work for an encoder and a decoder.

    source 3 1 4 1 5     reverse 5 1 4 1 3     sort 1 1 3 4 5

Inputs are (source, target so far), the second starting with <start>. The baselines are to leave
the digits as they are, and to say at each place the digit most common there. An encoder and a
decoder of two layers each, d_model 32, get 99 % of the digits right after 200 steps of 64.
"""

import numpy as np

from ..tokens import Words
from ..validate.numbers import whole_number
from .task import Task, most_common

tokens = Words([*"0123456789", "<start>"])


def reverse(length=8):
    """The digits from last to first."""
    return _task("reverse", length, _backwards, lambda inputs: inputs[0])


def sort(length=8):
    """The digits from small to large."""
    seen = _digits("sort", length)(5000, np.random.default_rng(0))
    return _task("sort", length, _ascending, most_common(_ascending(seen)))


def _task(function, length, answer, guess):
    def pose(source, rng):
        target = answer(source)
        return (source, shifted_right(target, tokens.ids["<start>"])), target

    return Task(tokens=tokens, draw=_digits(function, length), pose=pose, guess=guess)


def shifted_right(target, start):
    """What a decoder has read when it is asked for each token: a start, then all but the last."""
    return np.concatenate([np.full_like(target[:, :1], start), target[:, :-1]], axis=1)


def _backwards(source):
    return np.ascontiguousarray(source[:, ::-1])


def _ascending(source):
    return np.sort(source, axis=1)


def _digits(function, length):
    length = whole_number(function, "length", length, least=2)
    return lambda n, rng: rng.integers(10, size=(n, length))
