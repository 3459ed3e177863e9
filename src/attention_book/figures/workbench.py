"""Queries, keys and values that one edits, and what attention makes of them at once."""

import numpy as np

from . import inputs
from .choice import table, text_table
from .labels import html, plain
from .live import LiveFigure
from .mask_painter import shares
from .numbers import number
from .pictures import table_picture

MOST = 8  # numbers in a row; more would not stand on a phone
KINDS = {"queries": "query", "keys": "key", "values": "value"}


def workbench(queries, keys, values, words, *, mask=None, **texts):
    """Small tables of numbers to edit; scores, weights and output follow.

    Shapes: queries (T, D), keys (T, D), values (T, Dv), mask bool (T, T), True = may attend; one
    word for each row. Texts: `title`, `hint` (what to try), `answer` and `name`. ValueError for
    other shapes.
    """
    return Workbench(queries, keys, values, words, mask).finish(**texts)


class Workbench(LiveFigure):
    title = "Edit the numbers"
    hint = "double one key. Whose weights change, and in which column?"
    script = "workbench.js"
    sheet = "workbench.css"
    untouched = "Run this cell to edit the numbers."

    def __init__(self, queries, keys, values, words, mask):
        self.words = inputs.texts(words, "workbench: words")
        given = zip(KINDS, (queries, keys, values), strict=True)
        self.given = {name: inputs.array(x, f"workbench: {name}") for name, x in given}
        n = len(self.words)
        self.mask = np.ones((n, n), bool) if mask is None else np.asarray(inputs.plain(mask))
        _validate(self.given, self.mask, n)
        q, k, v = self.given.values()
        self.scores = q @ k.T / np.sqrt(q.shape[1])
        self.weights = shares(self.scores, self.mask)
        self.output = self.weights @ v

    def data(self):
        given = {name: x.tolist() for name, x in self.given.items()}
        return {**given, "mask": self.mask.astype(int).tolist()}

    def made(self):
        """The three tables that follow, each with the heads of its columns."""
        places = [str(i + 1) for i in range(self.output.shape[1])]
        return {
            "scores": (self.scores, self.words),
            "weights": (self.weights, self.words),
            "output": (self.output, places),
        }

    def live(self):
        given = "".join(map(self._given, self.given))
        made = "".join(_made(name, *parts, self.words) for name, parts in self.made().items())
        return (
            f'<div class="af-bench">{given}</div><div class="af-bench">{made}</div>'
            '<p class="af-moves"><output class="af-says" aria-live="polite">'
            "Equals what the cell computes.</output>"
            '<button type="button" class="af-reset">reset</button> '
            '<button type="button" class="af-copy">copy as NumPy</button></p>'
        )

    def _given(self, name):
        rows = "".join(
            f"<tr><th>{html(word)}" + "".join(f"<td>{_input(name, word, x)}" for x in row)
            for word, row in zip(self.words, self.given[name], strict=True)
        )
        caption = f'<caption class="{KINDS[name]}">{name}</caption>'
        return f'<table class="af-{name}">{caption}{rows}</table>'

    def numbers(self):
        bodies = (
            ("", name, [[w, *map(number, row)] for w, row in zip(self.words, x, strict=True)])
            for name, (x, _) in self.made().items()
        )
        return table("At the start", self.words, bodies)

    def __repr__(self):
        parts = (
            f"{name}\n"
            + text_table(heads, [[w, *map(number, r)] for w, r in zip(self.words, x, strict=True)])
            for name, (x, heads) in self.made().items()
        )
        return "\n\n".join([plain(self.title), *parts])

    def alternative(self):
        return " ".join(repr(self).split())

    def drawing(self):
        rows = zip(self.words, self.weights, strict=True)
        return table_picture(self.words, [[word, *map(number, row)] for word, row in rows])


def _input(name, word, x):
    return f'<input type="number" step="any" value="{x:g}" aria-label="{name} of {html(word)}">'


def _made(name, x, heads, words):
    head = "<thead><tr><td>" + "".join(f'<th scope="col">{html(h)}' for h in heads)
    rows = "".join(
        f"<tr><th>{html(word)}" + "".join(f"<td>{value:.2f}" for value in row)
        for word, row in zip(words, x, strict=True)
    )
    return f'<table class="af-{name}"><caption>{name}</caption>{head}<tbody>{rows}</table>'


def _validate(given, mask, n):
    q, k, v = given.values()
    shapes = [x.shape for x in given.values()]
    fits = all(x.ndim == 2 and len(x) == n and x.shape[1] <= MOST for x in (q, k, v))
    if not fits or q.shape != k.shape or mask.shape != (n, n) or mask.dtype != bool:
        raise ValueError(
            f"workbench: {n} words need queries and keys ({n}, D), values ({n}, Dv), at most "
            f"{MOST} wide, and a bool mask ({n}, {n}), got {shapes} and {mask.dtype} {mask.shape}"
        )
