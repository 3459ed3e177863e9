"""The names of characters, of which every Python ships those of Unicode 3.2 from the year 2002.

    <end> LATIN SMALL LETTER A WITH GRAVE <end>

A name is asked word by word, and after its last word for <end>, with which each name also begins.
Names of letters and hyphens are taken, of at most eight words; a word that stands in fewer than
four of them is written <new>, and names that then look alike are kept once. The rule to beat says,
after each word, the word most common after it. Two layers of width 64 need less than one bit for
each character of a held-out name after 200 steps of 64.
"""

import re
import sys
import unicodedata
from collections import Counter
from functools import cache

import numpy as np
import torch

from ..tokens import Words
from .task import IGNORED, Task, is_held_out

LONGEST = 8
LEAST = 4
PLAIN = re.compile(r"[A-Z]+([- ][A-Z]+)*")
PAD, END, NEW = range(3)


def task():
    """After each word of a name the next one."""
    rows = learned()
    counts = np.zeros((len(tokens), len(tokens)), dtype=int)
    np.add.at(counts, (rows[:, :-1], rows[:, 1:]), 1)
    table = torch.from_numpy(counts.argmax(axis=1))
    return Task(tokens=tokens, draw=draw, pose=pose, guess=lambda inputs: table[inputs])


def draw(n, rng):
    """n names, drawn evenly, each padded to the longest."""
    rows = _rows()
    return rows[rng.integers(len(rows), size=n)]


def pose(rows, rng=None):
    """Ask for each word and the end; nothing is asked after it."""
    targets = rows[:, 1:]
    return rows[:, :-1].copy(), np.where(targets == PAD, IGNORED, targets)


def learned():
    """The rows of all names to learn from."""
    return _rows()[~_held_out()]


def held_out():
    """The rows of all names that training never shows and that need no <new>."""
    rows = _rows()[_held_out()]
    return rows[(rows != NEW).all(axis=1)]


def row(name):
    """The ids of a name, padded to the length of the longest."""
    words = [word if word in tokens.ids else "<new>" for word in name.split(" ")]
    ids = tokens.encode(" ".join(["<end>", *words, "<end>"]))
    return np.array(ids + [PAD] * (LONGEST + 2 - len(ids)))


def name(ids):
    """The name that the ids spell, up to its end."""
    ids = [int(i) for i in ids]
    ids = ids[1:] if ids[:1] == [END] else ids
    return tokens.decode(ids[: ids.index(END)] if END in ids else ids)


@cache
def of_2002():
    """All names of Unicode 3.2."""
    return _all(unicodedata.ucd_3_2_0)


@cache
def of_today():
    """All names of the Unicode that this Python knows: the later the Python, the more."""
    return _all(unicodedata)


def _all(database):
    return frozenset(database.name(chr(i), "") for i in range(sys.maxunicode + 1)) - {""}


def _plain():
    return sorted(n for n in of_2002() if PLAIN.fullmatch(n) and n.count(" ") < LONGEST)


def _vocabulary():
    counts = Counter(word for name in _plain() for word in name.split(" "))
    return ["<pad>", "<end>", "<new>", *sorted(w for w, n in counts.items() if n >= LEAST)]


@cache
def _rows():
    rows = np.stack([row(name) for name in _plain()])
    return np.unique(rows, axis=0)


@cache
def _held_out():
    return np.array([is_held_out(row) for row in _rows()])


tokens = Words(_vocabulary())
