"""Roman numerals into decimal: a small translation that has to read from both ends.

    M C M X C I V     1 9 9 4 <end>

All numbers from 1 to 3999; the tenth of them that is held out is never seen in training. Every
second of those is for validation, to choose a model by, and the others test it. Inputs are
source_ids, target_ids so far and source_mask, by name; <pad> on the right is hidden. The baseline
says at each place the sign most common there. An encoder and a decoder of two layers each,
d_model 32, write at least 95 % of the signs of held-out numbers right after 300 steps of 64.
"""

from functools import cache

import numpy as np
import torch

from ..masks import padding_mask
from ..tokens import Words
from ..validate.numbers import whole_number
from .sorting import shifted_right
from .task import IGNORED, Task, is_held_out, most_common

LARGEST = 3999
LONGEST = 15  # MMMDCCCLXXXVIII
SIGNS = ["M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"]
VALUES = dict(zip(SIGNS, [1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1], strict=True))

tokens = Words(["<pad>", "<start>", "<end>", *"IVXLCDM", *"0123456789"])
PAD, START, END = range(3)


def task():
    """Write the decimal digits of a Roman numeral."""
    seen = pose(draw(5000, np.random.default_rng(0)))[1]
    return Task(tokens=tokens, draw=draw, pose=pose, guess=most_common(seen))


def numeral(number):
    """The Roman numeral of a number from 1 to 3999."""
    number = whole_number("numeral", "number", number, least=1, most=LARGEST)
    signs = ""
    for sign, value in VALUES.items():
        signs += sign * (number // value)
        number %= value
    return signs


def held_out_numbers():
    """The numbers that training never shows."""
    numbers = range(1, LARGEST + 1)
    return [number for number in numbers if is_held_out(source(number))]


def validation_numbers():
    """The half of the held-out numbers by which a model is chosen."""
    return held_out_numbers()[::2]


def test_numbers():
    """The other half, which chooses nothing."""
    return held_out_numbers()[1::2]


def source(number):
    """The ids of a numeral, padded to the length of the longest."""
    ids = tokens.encode(" ".join(numeral(number)))
    return np.array(ids + [PAD] * (LONGEST - len(ids)))


def draw(n, rng):
    """The sources of n numbers, drawn evenly."""
    return _sources()[rng.integers(LARGEST, size=n)]


def pose(sources, rng=None):
    """Ask for the digits and the end; nothing is asked after it."""
    target = np.full((len(sources), 5), PAD)
    for row, ids in zip(target, sources, strict=True):
        answer = tokens.encode(" ".join([*str(_number(ids)), "<end>"]))
        row[: len(answer)] = answer
    lengths = torch.from_numpy((sources != PAD).sum(axis=1))
    mask = padding_mask(lengths, sources.shape[1]).numpy()
    inputs = {"source_ids": sources, "target_ids": shifted_right(target, START)}
    return inputs | {"source_mask": mask}, np.where(target == PAD, IGNORED, target)


@cache
def _sources():
    return np.stack([source(number) for number in range(1, LARGEST + 1)])


def _number(ids):
    values = [VALUES[tokens.pieces[i]] for i in ids if i != PAD]
    later = [*values[1:], 0]
    return sum(-v if v < w else v for v, w in zip(values, later, strict=True))
