"""Layer normalization of one vector, step by step, with numbers that one edits."""

import numpy as np

from . import inputs
from .labels import plain
from .live import LiveFigure
from .numbers import number
from .pictures import table_picture
from .tables import table, text_table

EPS = 1e-5
FULL = 6  # the number whose bar fills its half of a cell
MOST = 6
NAMES = ["x", "minus the mean", "over the deviation", "times weight, plus bias"]


def normalize(x, *, weight=1, bias=0, **texts):
    """Edit a vector, and see what each step of layer normalization makes of it.

    Shape: x (C,), at most 6 numbers; `weight` and `bias` are the same at every place. The deviation
    is that of PyTorch: the root of the variance over C, plus 1e-5. Texts: `title`, `hint` (what to
    try), `answer` and `name`. ValueError for other shapes.
    """
    return Normalize(x, weight, bias).finish(**texts)


class Normalize(LiveFigure):
    title = "Layer normalization, step by step"
    hint = "multiply all numbers by 10. What changes in the last two rows?"
    script = "normalize.js"
    sheet = "live/normalize.css"
    untouched = "Run this cell to edit the numbers."

    def __init__(self, x, weight=1, bias=0):
        self.x = inputs.array(x, "normalize: x")
        if self.x.ndim != 1 or not 1 <= len(self.x) <= MOST:
            raise ValueError(
                f"normalize: x must be a vector of 1 to {MOST} numbers, got shape {self.x.shape}"
            )
        self.weight, self.bias = float(weight), float(bias)
        centered = self.x - self.x.mean()
        deviation = np.sqrt((centered**2).mean() + EPS)
        normal = centered / deviation
        self.rows = [self.x, centered, normal, normal * self.weight + self.bias]
        self.says = f"mean {number(self.x.mean())}, deviation {deviation:.3f}"

    def data(self):
        return {"x": self.x.tolist(), "weight": self.weight, "bias": self.bias, "full": FULL}

    def live(self):
        fields = "".join(_field(f"number {i + 1}", x) for i, x in enumerate(self.x))
        rows = "".join(
            f'<tr><th scope="row">{name}</th>{"".join(map(_cell, row))}</tr>'
            for name, row in zip(NAMES[1:], self.rows[1:], strict=True)
        )
        learned = (
            f'<label class="af-learned">{name} <input type="number" step="any" value="{x:g}">'
            "</label>"
            for name, x in (("weight", self.weight), ("bias", self.bias))
        )
        return (
            f'<table class="af-normal"><tr><th scope="row">x</th>{fields}</tr>{rows}</table>'
            f'<p class="af-learn">{"".join(learned)}<button type="button" class="af-moves">reset'
            f'</button></p><output class="af-says" aria-live="polite">{self.says}</output>'
        )

    def _table(self):
        return [[name, *map(number, row)] for name, row in zip(NAMES, self.rows, strict=True)]

    def _columns(self):
        return [str(i + 1) for i in range(len(self.x))]

    def numbers(self):
        return table(f"At the start: {self.says}", self._columns(), [("", "", self._table())])

    def __repr__(self):
        return f"{plain(self.title)}: {self.says}\n{text_table(self._columns(), self._table())}"

    def drawing(self):
        return table_picture(self._columns(), self._table())


def _field(name, x):
    field = f'<input type="number" step="any" value="{x:g}" aria-label="{name} of x">'
    return f"<td>{field}<b style=--v:{_height(x)}></b></td>"


def _cell(x):
    return f"<td><span>{x:.3f}</span><b style=--v:{_height(x)}></b></td>"


def _height(x):
    return round(100 * float(np.clip(x / FULL, -1, 1)), 1)
