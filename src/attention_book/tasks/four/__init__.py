"""Four language tasks for one model: translate, judge, answer and summarize; a word says which.

    translate the red robot reaches a bank =      le robot rouge atteint une banque <end>
    judge soup is not good but host is kind =     positive <end>

Small grammars invent the texts. `task` keeps some pairs of words, such as *red robot*, out of the
texts of one task, though not of the others; `new_pairs` has texts whose answers depend on these.
`whole` counts an answer as right if no word of it is wrong.
"""

from dataclasses import replace
from itertools import count

import numpy as np
import torch

from ...validate.numbers import one_of
from ..task import IGNORED, Task
from . import layout, opinions, stories, translation
from .layout import LENGTH, SIGN, pose, row, tokens, whole

__all__ = [
    "KINDS",
    "LENGTH",
    "guess",
    "in_halves",
    "new_pairs",
    "pose",
    "questions",
    "task",
    "tokens",
    "whole",
]

ALL = (translation.KIND, opinions.KIND, stories.QUESTION, stories.SUMMARY)
KINDS = {kind.name: kind for kind in ALL}


def task(*names):
    """The tasks of these names, or all four, in equal parts and without the new pairs.

    ValueError for an unknown name.
    """
    return _task([_kind("task", name) for name in names or KINDS], _met)


def new_pairs(name):
    """Texts of one task whose answers depend on a pair of words that its own texts never show."""
    return _task([_kind("new_pairs", name)], _new)


def questions(*, repeated=True, every_pair=False):
    """Stories alone, each with its question.

    The answers repeat the thing before they name its place, or, with `repeated=False`, name the
    place at once. With `every_pair` each thing may be at each place, and none is kept out.
    """
    kind = stories.QUESTION if repeated else stories.AT_ONCE
    return _task([kind], _any if every_pair else _met)


def in_halves(task):
    """The same texts for an encoder that reads the sources and a decoder that writes answers."""
    return replace(task, pose=layout.pose_in_halves)


def guess(inputs):
    """The simple rule of each text's own task: ids (B, T) -> what it would say at each place."""
    answers = torch.full_like(torch.as_tensor(inputs), IGNORED)
    for text, answer in zip(np.asarray(inputs), answers, strict=True):
        start = (text == SIGN).argmax()
        name, *source = tokens.decode(text[:start]).split()
        said = tokens.encode(" ".join([*KINDS[name].rule(source), "<end>"]))
        answer[start : start + len(said)] = torch.tensor(said)
    return answers


def _task(kinds, fits):
    def draw(n, rng):
        choose = _chooser(rng)
        return np.stack([_row(kinds[i % len(kinds)], choose, fits) for i in range(n)])

    return Task(tokens=tokens, draw=draw, pose=pose, guess=guess)


def _chooser(rng):
    """A function that takes one of some options, drawn evenly."""
    dice = (die for _ in count() for die in rng.integers(2**31, size=1024).tolist())
    return lambda options: options[next(dice) % len(options)]


def _row(kind, choose, fits):
    while not fits(kind, text := kind.write(choose)):
        pass
    return row(kind.name, text)


def _met(kind, text):
    return kind.new.isdisjoint(text.said)


def _any(kind, text):
    return True


def _new(kind, text):
    return not kind.new.isdisjoint(text.asked)


def _kind(function, name):
    one_of(function, "name", name, KINDS)
    return KINDS[name]
