"""Several matrices of the same queries and keys side by side: one chosen row lights in all."""

import numpy as np

from . import inputs, style
from .choice import Choice, ChoiceFigure
from .drawing import HATCH, Drawing
from .labels import html, plain, short
from .matrix import CORNER, _row, column_rules, matrix_markup
from .numbers import trimmed
from .pictures import TINT, shade
from .shares import mask_of, percents, said
from .tables import table, text_table

MOST = 12  # keys
ABREAST = 12  # columns in all that stand in one line, with their row names once
CELL = 44


def matrices(parts, words, keys=None, *, mask=None, word=-1, says=None, **texts):
    """Matrices by their names, with all numbers; choose a row, and see it in each of them.

    Shapes: each part (Tq, Tk), at most 12 keys; mask bool (Tq, Tk), True = may attend. A part whose
    rows are shares of one whole is shaded; in it masked cells are hatched, as is -inf elsewhere.
    `says` has a sentence for each row, `word` is the row at the start. Texts: `title`, `hint` (what
    to try), `answer` and `name`. ValueError for other shapes.
    """
    return Matrices(parts, words, words if keys is None else keys, mask, word, says).finish(**texts)


class Matrices(ChoiceFigure):
    title = "Side by side"
    hint = "choose another row. What changes from one matrix to the next?"
    sheet = "matrices.css"

    def __init__(self, parts, words, keys, mask=None, word=-1, says=None):
        self.words = inputs.texts(words, "matrices: words")
        self.keys = inputs.texts(keys, "matrices: keys")
        self.parts = {n: inputs.array(x, f"matrices: {n}") for n, x in parts.items()}
        shape = len(self.words), len(self.keys)
        self.says = [""] * len(self.words) if says is None else list(map(inputs.text, says))
        _validate(self.parts, shape, self.says)
        self.mask = mask_of(mask, shape, "matrices")
        self.word = inputs.place(self.words, word, "matrices: word")

    def choices(self):
        return [Choice("q", "Choose a row", self.words, self.word)]

    def rules(self):
        rows = "".join(
            f"#:has(.q{i}:checked) .r{i}{{outline:3px solid var(--ink);z-index:1;font-weight:700}}"
            for i in range(len(self.words))
        )
        return rows + column_rules(len(self.keys))

    def live(self):
        count = len(self.parts) * len(self.keys)
        abreast = f' class="af-parts af-abreast" style="--n:{count}"'
        look = abreast if count <= ABREAST else ' class="af-parts"'
        parts = "".join(
            f"<div><em>{html(name)}</em>{self._part(x)}</div>" for name, x in self.parts.items()
        )
        says = "".join(f'<p class="on-q{i}">{html(text)}</p>' for i, text in enumerate(self.says))
        return f'<div aria-live="polite">{says}</div><div{look}>{parts}</div>'

    def _part(self, x):
        if _shares(x):
            values = percents(x, self.mask)
            return matrix_markup(self.words, self.keys, self.mask, values, chooses="q")
        names = "".join(f"<span>{html(key)}</span>" for key in self.keys)
        rows = "".join(
            _row(i, f"<span>{html(word)}</span>", "".join(map(_cell, row)), "q")
            for i, (word, row) in enumerate(zip(self.words, x, strict=True))
        )
        top = f'<div class="af-row af-top">{CORNER}{names}</div>'
        size = f'style="--columns:{len(self.keys)}" aria-hidden="true"'
        return f'<div class="af-matrix" {size}>{top}{rows}</div>'

    def written(self, x):
        """The cells of a part as texts."""
        if _shares(x):
            return [[said(p) for p in row] for row in percents(x, self.mask)]
        return [list(map(_text, row)) for row in x]

    def _rows(self, x):
        return [[w, *row] for w, row in zip(self.words, self.written(x), strict=True)]

    def numbers(self):
        bodies = (("", _heading(name, x), self._rows(x)) for name, x in self.parts.items())
        return table("Queries down, keys across", self.keys, bodies)

    def __repr__(self):
        parts = (
            f"{plain(_heading(name, x))}\n{text_table(self.keys, self._rows(x))}"
            for name, x in self.parts.items()
        )
        return "\n\n".join([plain(self.title), *parts])

    def alternative(self):
        rows = (
            f"{_heading(name, x)}: {', '.join(self.written(x)[self.word])}"
            for name, x in self.parts.items()
        )
        return f"{self.title}. The row of {self.words[self.word]}. {'; '.join(rows)}."

    def drawing(self):
        room = 20 + 8 * max(len(short(label)) for label in (*self.words, *self.keys))
        across = room + CELL * len(self.keys)
        picture = Drawing(across * len(self.parts) + 60, 30 + room + CELL * len(self.words))
        for n, (name, x) in enumerate(self.parts.items()):
            picture.text(across * n + room, 15, name, align="left")
            _draw(picture, self, x, across * n + room, 30 + room)
        return picture


def _shares(x):
    """Whether the rows are shares of one whole; a row that sees nothing has none."""
    sums = x.sum(axis=1)
    return bool((x >= 0).all() and (np.isclose(sums, 1) | (sums == 0)).all())


def _heading(name, x):
    return f"{name}, percent" if _shares(x) else name


def _text(value):
    return "−∞" if value == -np.inf else trimmed(value)


def _cell(value):
    hidden = " class=no" if value == -np.inf else ""
    return f'<i{hidden} data-n="{_text(value)}"></i>'


def _draw(picture, figure, x, left, top):
    for j, key in enumerate(figure.keys):
        picture.text(
            left + CELL * (j + 0.5), top - 10, short(key), color=style.KEY, turn=60, align="left"
        )
    for i, row in enumerate(figure.written(x)):
        y = top + CELL * (i + 0.5)
        picture.text(left - 8, y, short(figure.words[i]), color=style.QUERY, align="right")
        for j, text in enumerate(row):
            _draw_cell(picture, left + CELL * j, y, text, x[i, j] if _shares(x) else None)


def _draw_cell(picture, x, y, text, share):
    fill = TINT if share is None else shade(share)
    fill = HATCH if text in ("masked", "−∞") else fill
    picture.box(x, y - CELL / 2, CELL - 1, CELL - 1, fill)
    if text != "masked":
        color = style.PAPER if share is not None and share > 0.55 else style.INK
        picture.text(x + CELL / 2, y, text, color=color)


def _validate(parts, shape, says):
    shapes = [x.shape for x in parts.values()]
    if not shapes or set(shapes) != {shape} or shape[1] > MOST or len(says) != shape[0]:
        raise ValueError(
            f"matrices: {shape[0]} words and {shape[1]} keys, at most {MOST}, need parts of shape "
            f"{shape} and {shape[0]} sentences, got {shapes} and {len(says)}"
        )
