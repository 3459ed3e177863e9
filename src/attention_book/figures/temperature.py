"""Scores divided by a temperature: from cold, where one word has all, to hot, where all share."""

import numpy as np

from . import inputs
from .choice import Choice
from .labels import html, plain
from .live import LiveFigure
from .numbers import number
from .pictures import table_picture
from .shares import mask_of, percents, said, softmax
from .tables import table, text_table

COLDEST, HOTTEST = 0.01, 100


def temperature(words, scores, rows=None, *, mask=None, marks=None, heat=1, row=-1, **texts):
    """Shares of words as bars, and a temperature to turn, by which the scores are divided.

    Shapes: scores (R, T), a row to choose for each of the names `rows`; mask bool (R, T), True =
    may attend; `marks` (R, T), shares between 0 and 1 to be met. `heat` is the temperature and
    `row` the row at the start. Texts: `title`, `hint` (what to try), `answer` and `name`.
    ValueError where shapes and names do not fit, or for a heat outside 0.01 to 100.
    """
    rows = words if rows is None else rows
    return Temperature(words, scores, rows, mask, marks, heat, row).finish(**texts)


class Temperature(LiveFigure):
    title = "Turn the temperature"
    hint = "make it as cold and as hot as you can. Which shares does each end give?"
    script = "temperature.js"
    sheet = "live/temperature.css"

    def __init__(self, words, scores, rows, mask=None, marks=None, heat=1, row=-1):
        self.words = inputs.texts(words, "temperature: words")
        self.rows = inputs.texts(rows, "temperature: rows")
        self.scores = inputs.array(scores, "temperature: scores")
        shape = len(self.rows), len(self.words)
        self.mask = mask_of(mask, shape, "temperature")
        self.marks = None if marks is None else inputs.array(marks, "temperature: marks")
        _validate(self.scores, self.marks, shape, heat)
        for name, seen in zip(self.rows, self.mask, strict=True):
            if not seen.any():
                raise ValueError(f"temperature: row {name!r} sees no word: leave it out")
        self.heat = heat
        self.row = inputs.place(self.rows, row, "temperature: row")

    def shares(self, heat):
        """Softmax of each row over what it sees, at this temperature."""
        return softmax(self.scores / heat, self.mask)

    def _seen(self, matrix):
        return [row[seen].tolist() for row, seen in zip(matrix, self.mask, strict=True)]

    def choices(self):
        return [Choice("q", "Choose a row", self.rows, self.row)]

    def data(self):
        marks = None if self.marks is None else self._seen(self.marks)
        words = [[w for w, s in zip(self.words, seen, strict=True) if s] for seen in self.mask]
        return {"words": words, "scores": self._seen(self.scores), "marks": marks}

    def live(self):
        rows = "".join(map(self._row, range(len(self.rows))))
        return f"{rows}{_range(self.heat)}"

    def _row(self, i):
        shares, bars = self.shares(self.heat)[i], ""
        for j in np.flatnonzero(self.mask[i]):
            mark = "" if self.marks is None else f"<u style=left:{100 * self.marks[i, j]:g}%></u>"
            bars += (
                f'<li style="--share:{100 * shares[j]:.1f}"><span>{html(self.words[j])} '
                f"{self.scores[i, j]:.2f}</span><b>{mark}</b><em>{_percent(shares[j])}</em></li>"
            )
        return (
            f'<div class="on-q{i}"><output class="af-says" aria-live="polite"></output>'
            f'<ol class="af-bars af-moved af-heat">{bars}</ol></div>'
        )

    def numbers(self):
        bodies = (("", f"Divided by {heat:g}", self._lines(heat)) for heat in self._heats())
        return table("Percent, rounded", self.words, bodies)

    def _heats(self):
        return sorted({COLDEST, self.heat, HOTTEST})

    def _lines(self, heat):
        shown = percents(self.shares(heat), self.mask)
        return [[name, *map(said, row)] for name, row in zip(self.rows, shown, strict=True)]

    def __repr__(self):
        parts = (
            f"divided by {heat:g}, percent\n{text_table(self.words, self._lines(heat))}"
            for heat in self._heats()
        )
        return "\n\n".join([plain(self.title), *parts])

    def alternative(self):
        shares = zip(self.words, self._lines(self.heat)[self.row][1:], strict=True)
        said_ = ", ".join(f"{word} {share}" for word, share in shares)
        return f"{self.title}, here {number(self.heat)}. {self.rows[self.row]}: {said_}."

    def drawing(self):
        return table_picture(self.words, self._lines(self.heat))


def _percent(share):
    return f"{said(max(percents(np.array([share]))[0], 0))} %"


def _range(heat):
    value = f'min="-2" max="2" step="0.025" value="{np.log10(heat):.3f}"'
    return (
        '<div class="af-moves af-range"><span aria-hidden="true">cold</span>'
        f'<input type="range" aria-label="temperature, from cold to hot" {value}>'
        '<span aria-hidden="true">hot</span></div>'
    )


def _validate(scores, marks, shape, heat):
    shapes = [x.shape for x in (scores, marks) if x is not None]
    if set(shapes) != {shape} or not COLDEST <= heat <= HOTTEST:
        raise ValueError(
            f"temperature: {shape[0]} rows and {shape[1]} words need scores and marks of shape "
            f"{shape} and a heat of {COLDEST} to {HOTTEST}, got {shapes} and {heat}"
        )
