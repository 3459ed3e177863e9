"""Choose a query and a key, and see the dot product that made their cell, in both layouts."""

import numpy as np

from . import inputs
from .choice import Choice, ChoiceFigure, table, text_table
from .labels import html, plain
from .numbers import number
from .pictures import table_picture


def matrix_view(q, k, words, *, query=-1, key=0, **texts):
    """All scores at once: choose a query and a key, and see where their cell comes from.

    Shapes: q and k (T, D), one word for each row. A switch lays tokens out as rows, S = Q Kᵀ, or
    as columns, A = Kᵀ Q. `query` and `key` are the places chosen at the start. Texts: `title`,
    `hint` (what to try) and `name`. ValueError where shapes and words do not fit.
    """
    return MatrixView(q, k, words, query, key).finish(**texts)


class MatrixView(ChoiceFigure):
    sheet = "matrix_view.css"
    title = "Every score is one dot product"
    hint = "lay the tokens out as columns. Where has the chosen cell gone, and has it changed?"

    def __init__(self, q, k, words, query=-1, key=0):
        self.q, self.k = (inputs.array(x, f"matrix_view: {n}") for n, x in (("q", q), ("k", k)))
        self.words = inputs.texts(words, "matrix_view: words")
        if self.q.ndim != 2 or self.q.shape != self.k.shape or len(self.q) != len(self.words):
            raise ValueError(
                f"matrix_view: {len(self.words)} words need q and k of shape "
                f"({len(self.words)}, D), got {self.q.shape} and {self.k.shape}"
            )
        self.scores = self.q @ self.k.T
        self.query = inputs.place(self.words, query, "matrix_view: query")
        self.key = inputs.place(self.words, key, "matrix_view: key")

    def choices(self):
        return [
            Choice("q", "Query", self.words, self.query),
            Choice("k", "Key", self.words, self.key),
            Choice("c", "Tokens are", ["rows", "columns"]),
        ]

    def rules(self):
        places = range(len(self.words))
        return "".join(
            f"#:has(.q{i}:checked) .r{i}{{--asked:1}}#:has(.k{i}:checked) .c{i}{{--asking:1}}"
            for i in places
        )

    def live(self):
        pairs = np.ndindex(self.scores.shape)
        products = "".join(
            f'<p class="on-q{i} on-k{j}">{_product(self, i, j)}</p>' for i, j in pairs
        )
        grids = f'<div class="af-sides on-c0">{_as_rows(self)}</div>'
        grids += f'<div class="af-sides on-c1">{_as_columns(self)}</div>'
        return f'<div class="af-equation">{products}</div>{grids}'

    def numbers(self):
        rows = [[w, *map(number, row)] for w, row in zip(self.words, self.scores, strict=True)]
        return table("Scores, before the division by √D", self.words, [("", "Queries down", rows)])

    def __repr__(self):
        rows = [[w, *map(number, row)] for w, row in zip(self.words, self.scores, strict=True)]
        return f"{plain(self.title)}: queries down, keys across\n{text_table(self.words, rows)}"

    def alternative(self):
        return f"{self.title}. {_sum(self, self.query, self.key)}"

    def drawing(self):
        rows = [[w, *map(number, row)] for w, row in zip(self.words, self.scores, strict=True)]
        return table_picture(self.words, rows)


def _sum(figure, i, j):
    terms = zip(map(number, figure.q[i]), map(number, figure.k[j]), strict=True)
    return f"{' + '.join(f'{a}·{b}' for a, b in terms)} = {number(figure.scores[i, j])}"


def _product(figure, i, j):
    query, key = html(figure.words[i]), html(figure.words[j])
    dot = f'<b class="query">{query}</b> · <b class="key">{key}</b>'
    return f"{dot} = {html(_sum(figure, i, j))}"


def _as_rows(figure):
    words = figure.words
    return (
        _grid("Q", figure.q, "r{i}", rows=("query", words))
        + _grid("Kᵀ", figure.k.T, "c{j}", columns=("key", words))
        + _grid("S = Q Kᵀ", figure.scores, "r{i} c{j}", ("query", words), ("key", words))
    )


def _as_columns(figure):
    words = figure.words
    return (
        _grid("Kᵀ", figure.k, "c{i}", rows=("key", words))
        + _grid("Q", figure.q.T, "r{j}", columns=("query", words))
        + _grid("A = Kᵀ Q", figure.scores.T, "c{i} r{j}", ("key", words), ("query", words))
    )


def _grid(name, array, classes, rows=("", None), columns=("", None)):
    """A matrix with its name; `classes` says to which query and key the cell (i, j) belongs."""
    height, width = array.shape
    head = [_label(columns, j, " up") for j in range(width)] if columns[1] else []
    cells = [f"<b>{html(name)}</b>", *(head or ["<span></span>"] * width)]
    for i in range(height):
        cells.append(_label(rows, i) if rows[1] else "<span></span>")
        cells += [
            f'<i class="{classes.format(i=i, j=j)}">{number(array[i, j])}</i>' for j in range(width)
        ]
    return (
        f'<div class="af-grid" style="--columns:{width}" aria-hidden="true">{"".join(cells)}</div>'
    )


def _label(side, place, more=""):
    kind, words = side
    return f'<span class="{kind}{more}">{html(words[place])}</span>'
