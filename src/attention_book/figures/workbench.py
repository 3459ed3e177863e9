"""Queries, keys and values that one edits, and what attention makes of them at once."""

import numpy as np

from . import inputs
from .labels import html, plain
from .live import LiveFigure
from .numbers import number
from .pictures import table_picture
from .shares import softmax
from .tables import table, text_table

MOST = 8  # numbers in a row; more would not stand on a phone
KINDS = {"queries": "query", "keys": "key", "values": "value"}


def workbench(queries, keys, values, words, *, mask=None, contents=None, **texts):
    """Small tables of numbers to edit; scores, weights and output follow.

    Shapes: queries (T, D), keys (T, D), values (T, Dv), mask bool (T, T), True = may attend; one
    word for each row. `contents` names the Dv places of a value. What differs from the start is
    marked. Texts: `title`, `hint` (what to try), `answer` and `name`. ValueError for other shapes.
    """
    return Workbench(queries, keys, values, words, mask, contents).finish(**texts)


class Workbench(LiveFigure):
    title = "Edit the numbers"
    hint = "double one key. Whose weights change, and in which column?"
    script = "workbench.js"
    sheet = "workbench.css"
    untouched = "Run this cell to edit the numbers."

    def __init__(self, queries, keys, values, words, mask, contents):
        self.words = inputs.texts(words, "workbench: words")
        given = zip(KINDS, (queries, keys, values), strict=True)
        self.given = {name: inputs.array(x, f"workbench: {name}") for name, x in given}
        n = len(self.words)
        self.mask = np.ones((n, n), bool) if mask is None else np.asarray(inputs.plain(mask))
        _validate(self.given, self.mask, n)
        q, k, v = self.given.values()
        self.scores = q @ k.T / np.sqrt(q.shape[1])
        self.weights = softmax(self.scores, self.mask)
        self.output = self.weights @ v
        places = range(1, v.shape[1] + 1) if contents is None else contents
        self.contents = inputs.texts(places, "workbench: contents")
        if len(self.contents) != v.shape[1]:
            raise ValueError(
                f"workbench: values of width {v.shape[1]} need as many contents, got "
                f"{len(self.contents)}"
            )

    def data(self):
        given = {name: x.tolist() for name, x in self.given.items()}
        return {**given, "mask": self.mask.astype(int).tolist()}

    def made(self):
        """The three tables that follow, each with the heads of its columns."""
        return {
            "scores": (self.scores, self.words),
            "weights": (self.weights, self.words),
            "output": (self.output, self.contents),
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
            f"<tr><th>{html(word)}"
            + "".join(f"<td>{_input(name, word, place, x)}" for place, x in enumerate(row))
            for word, row in zip(self.words, self.given[name], strict=True)
        )
        caption = f'<caption class="{KINDS[name]}">{name}</caption>'
        size = f'style="--of:{self.given[name].shape[1]}"'
        return f'<table class="af-{name}" {size}>{caption}{rows}</table>'

    def numbers(self):
        return "".join(
            table(f"{name} at the start", heads, [("", name, self._rows(x))])
            for name, (x, heads) in self.made().items()
        )

    def _rows(self, x):
        return [[word, *map(number, row)] for word, row in zip(self.words, x, strict=True)]

    def __repr__(self):
        parts = (
            f"{name}\n{text_table(heads, self._rows(x))}"
            for name, (x, heads) in self.made().items()
        )
        return "\n\n".join([plain(self.title), *parts])

    def drawing(self):
        return table_picture(self.words, self._rows(self.weights))


def _input(name, word, place, x):
    label = f"{name} of {html(word)}, {place + 1}"
    return f'<input type="number" step="any" readonly value="{x:g}" aria-label="{label}">'


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
