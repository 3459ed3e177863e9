"""Choose a query and a key, and see the dot product that made their cell, in both layouts."""

import numpy as np

from . import inputs
from .choice import Choice, ChoiceFigure, identity
from .labels import html, plain
from .numbers import number
from .pictures import table_picture
from .tables import table, text_table


def matrix_view(q, k, words, *, query=-1, key=0, **texts):
    """All scores at once: choose a query and a key, and see where their cell comes from.

    Shapes: q and k (T, D), one word for each row. A switch lays tokens out as rows, S = Q Kᵀ, or
    as columns, A = Kᵀ Q. `query` and `key` are the places chosen at the start; so do the rows and
    columns of the factors. Texts: `title`, `hint` (what to try), `answer` and `name`. ValueError
    where shapes and words do not fit.
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
        size = f'style="--all:{len(self.words) + self.q.shape[1]}"'
        grids = f'<div class="af-onpaper on-c0" {size}>{_as_rows(self)}</div>'
        grids += f'<div class="af-onpaper on-c1" {size}>{_as_columns(self)}</div>'
        return f'<div class="af-equation" aria-live="polite">{products}</div>{grids}'

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
        + _grid("S = Q Kᵀ", figure.scores, "r{i} c{j}")
    )


def _as_columns(figure):
    words = figure.words
    return (
        _grid("Kᵀ", figure.k, "c{i}", rows=("key", words))
        + _grid("Q", figure.q.T, "r{j}", columns=("query", words))
        + _grid("A = Kᵀ Q", figure.scores.T, "c{i} r{j}")
    )


def _grid(name, array, classes, rows=None, columns=None):
    """A matrix with its name; `classes` says to which query and key the cell (i, j) belongs."""
    height, width = array.shape
    cells = [f"<b>{html(name)}</b>"]
    if columns:
        cells += ["<span></span>", *(_head(columns, j, " up") for j in range(width))]
    for i in range(height):
        cells.append(_head(rows, i))
        cells += [_cell(classes.format(i=i, j=j), array[i, j]) for j in range(width)]
    return (
        f'<div class="af-grid" style="--columns:{width}" aria-hidden="true">{"".join(cells)}</div>'
    )


def _head(side, place, more=""):
    if not side:
        return "<span></span>"
    kind, words = side
    return (
        f'<label class="{kind}{more}" for="{identity(kind[0], place)}">{html(words[place])}</label>'
    )


def _cell(classes, x):
    """A number; where it belongs to a query or a key alone, it chooses that."""
    if " " in classes:
        return f'<i class="{classes}">{number(x)}</i>'
    chooses = identity("q" if classes[0] == "r" else "k", classes[1:])
    return f'<label class="{classes}" for="{chooses}">{number(x)}</label>'
