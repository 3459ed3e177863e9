"""A row of a table, looked up: one number of a one-hot vector for each row, and what it picks."""

import numpy as np

from . import inputs
from .choice import Choice, ChoiceFigure, identity
from .labels import html, plain
from .numbers import trimmed
from .pictures import table_picture
from .tables import table, text_table

MOST = 8  # columns; more would not stand on a phone


def lookup(rows, words, columns, *, word=0, **texts):
    """Choose a token: its one-hot vector times the table is one row of the table.

    Shape: rows (V, C), C at most 8, with a word for each row and a name for each column. `word`
    (or its place) is chosen at the start. Texts: `title`, `hint` (what to try), `answer` and
    `name`. ValueError for other shapes.
    """
    return Lookup(rows, words, columns, word).finish(**texts)


class Lookup(ChoiceFigure):
    classes = "af af-lookup"
    sheet = "lookup.css"
    title = "A product that only selects is a lookup"
    hint = "choose another token. How many products are not with 0?"

    def __init__(self, rows, words, columns, word=0):
        self.words = inputs.texts(words, "lookup: words")
        self.columns = inputs.texts(columns, "lookup: columns")
        self.rows = inputs.array(rows, "lookup: rows")
        expected = len(self.words), len(self.columns)
        if self.rows.shape != expected or len(self.columns) > MOST:
            raise ValueError(
                f"lookup: rows must have shape {expected} for the given words and columns, at most "
                f"{MOST} columns, got shape {self.rows.shape}"
            )
        self.word = inputs.place(self.words, word, "lookup: word")

    def choices(self):
        return [Choice("t", "Choose a token", self.words, self.word)]

    def rules(self):
        return "".join(
            f"#{_chosen(i)} .r{i}{{--one:1}}#{_chosen(i)} .made{i}{{display:grid}}"
            for i in range(len(self.words))
        )

    def live(self):
        heads = "".join(f"<b>{html(column)}</b>" for column in self.columns)
        rows = "".join(map(self._row, range(len(self.words))))
        made = "".join(map(self._made, range(len(self.words))))
        columns = f'style="--columns:{len(self.columns)}"'
        return (
            f'<div class="af-rows" {columns} aria-hidden="true">'
            f'<div class="af-pick af-heads"><em>one-hot</em><em>table</em>{heads}</div>{rows}</div>'
            f'<div class="af-rows" {columns} aria-live="polite">{made}</div>'
        )

    def _row(self, i):
        label = f'<label class="af-over" for="{identity("t", i)}"></label>'
        return (
            f'<div class="af-pick af-entry r{i}">{label}<u></u><span>{html(self.words[i])}</span>'
            f"{self._cells(i)}</div>"
        )

    def _cells(self, i):
        return "".join(f"<i>{trimmed(x)}</i>" for x in self.rows[i])

    def _made(self, i):
        name = f"<span>= {html(self.words[i])}</span>"
        return f'<div class="af-pick af-made made{i}">{name}{self._cells(i)}</div>'

    def told(self):
        """For each word its one-hot vector and its row, as they are shown."""
        eye = np.eye(len(self.words), dtype=int)
        for word, one, row in zip(self.words, eye, self.rows, strict=True):
            yield [word, " ".join(map(str, one)), *map(trimmed, row)]

    def numbers(self):
        return table("Each token", ["one-hot", *self.columns], [("", "its row", self.told())])

    def __repr__(self):
        return f"{plain(self.title)}\n{text_table(['one-hot', *self.columns], list(self.told()))}"

    def alternative(self):
        word, one, *row = list(self.told())[self.word]
        vectors = (f"({', '.join(vector)})" for vector in (one.split(), row))
        return f"{self.title}. {word}: {' times the table is '.join(vectors)}."

    def drawing(self):
        return table_picture(["one-hot", *self.columns], list(self.told()))


def _chosen(i):
    """A row under the pointer goes before the one that is chosen."""
    return f":is(:has(.r{i}:hover),:not(:has(.af-entry:hover)):has(.t{i}:checked))"
