"""One vocabulary and one layout for all four tasks: a task word, a source, a sign, an answer."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor

from ...tokens import Words
from ..task import IGNORED

WORDS = """
<pad> <end> = translate judge answer summarize
the a red quick calm weak robot king law boat bank sees reaches robs
le la un une rouge rapide calme faible roi loi bateau banque rive voit atteint pille
soup hotel show host is not good kind clean warm bad rude dirty cold but although positive negative
ann bob eve kim took ball key cup map to kitchen garden tower cellar . mainly where
"""
LENGTH, LONGEST_SOURCE, LONGEST_ANSWER = 25, 21, 8

tokens = Words(WORDS.split())
PAD, END, SIGN = range(3)


class Text(NamedTuple):
    """A source and its right answer, with the pairs of words in it, and those that decide it."""

    source: list
    answer: list
    said: list
    asked: list


class Kind(NamedTuple):
    """A task: its word, how `write(choose)` invents a text, and a rule to beat.

    The pairs in `new` are kept out of this task's texts to learn from, not of another task's.
    """

    name: str
    write: Callable
    rule: Callable
    new: set


def row(name, text):
    """The ids of one text, padded on the right."""
    ids = [tokens.ids[word] for word in (name, *text.source, "=", *text.answer, "<end>")]
    return np.array(ids + [PAD] * (LENGTH - len(ids)))


def pose(rows, rng=None):
    """After the sign the answer is asked for, word by word, with <end>, and nothing else."""
    inputs, targets = rows[:, :-1].copy(), rows[:, 1:].copy()
    asked = ((inputs == SIGN).cumsum(axis=1) > 0) & (targets != PAD)
    return inputs, np.where(asked, targets, IGNORED)


def pose_in_halves(rows, rng=None):
    """The same for an encoder and a decoder: sources, what is written from the sign on, and masks.

    The sources are shorter than the rows, as no answer stands behind them.
    """
    places = np.arange(rows.shape[1])
    start = (rows == SIGN).argmax(axis=1)[:, None]
    sources = np.where(places < start, rows, PAD)[:, :LONGEST_SOURCE]
    longer = np.pad(rows, ((0, 0), (0, LONGEST_ANSWER)), constant_values=PAD)
    target = np.take_along_axis(longer, start + np.arange(LONGEST_ANSWER + 1), axis=1)
    inputs = {"source_ids": sources, "target_ids": target[:, :-1].copy()}
    inputs["source_mask"] = (sources != PAD)[:, None, None]
    wanted = target[:, 1:]
    return inputs, np.where(wanted == PAD, IGNORED, wanted)


def whole(answers: Int[Tensor, "B T"], targets: Int[Tensor, "B T"]) -> float:
    """The share of texts whose whole answer is right, from its first word to <end>.

    If each next word is right after the right words before it, then a model that always takes its
    likeliest word writes the whole answer, as it never leaves the right words.
    """
    right = (torch.as_tensor(answers) == targets) | (targets == IGNORED)
    return right.all(dim=1).double().mean().item()
