"""Who asks whom: a pair of words and its mirror image, in several matrices of scores at once."""

import numpy as np

from . import inputs
from .choice import ID, ChoiceFigure, identity
from .labels import html, plain
from .numbers import trimmed
from .pictures import table_picture
from .tables import table, text_table

MOST = 36  # cells of one matrix; each has a button and a sentence of its own


def pairs(matrices, words, *, pair=None, **texts):
    """Choose a cell, and see it beside its mirror image: what i asks of j, and j of i.

    `matrices` are scores (T, T) by their names, one word for each row and column. `pair` are the
    row and column at the start. Texts: `title`, `hint` (what to try), `answer` and `name`.
    ValueError for other shapes.
    """
    return Pairs(matrices, words, pair).finish(**texts)


class Pairs(ChoiceFigure):
    sheet = "pairs.css"
    title = "Who asks whom"
    hint = "choose two words that ask each other for different amounts. Which matrix has none?"

    def __init__(self, matrices, words, pair):
        self.names = inputs.texts(matrices, "pairs: matrices")
        given = zip(self.names, matrices.values(), strict=True)
        self.matrices = [inputs.array(x, f"pairs: {name}") for name, x in given]
        self.words = inputs.texts(words, "pairs: words")
        n = len(self.words)
        if any(x.shape != (n, n) for x in self.matrices) or n * n > MOST:
            raise ValueError(
                f"pairs: {n} words need matrices of shape {(n, n)}, at most {MOST} cells, got "
                f"{[x.shape for x in self.matrices]}"
            )
        self.pair = tuple(pair or (n - 1, 0))

    def cells(self):
        return np.ndindex(self.matrices[0].shape)

    def rules(self):
        return "".join(
            f"#{_touched(i, j)} .c{j}-{i}{{--lit:1}}#{_touched(i, j)} .c{i}-{j}{{--lit:2}}"
            f"#{_touched(i, j)} .s{i}-{j}{{display:block}}"
            for i, j in self.cells()
        )

    def live(self):
        radios = "".join(self._radio(i, j) for i, j in self.cells())
        grids = "".join(self._grid(*parts) for parts in zip(self.names, self.matrices, strict=True))
        return (
            f'<fieldset class="af-pairs"><legend>Choose a cell: who asks whom</legend>{radios}'
            f"{grids}</fieldset>"
        )

    def _radio(self, i, j):
        says = f"{html(self.words[i])} asks {html(self.words[j])}"
        return (
            f'<input type="radio" class="p{i}-{j}" id="{identity("p", f"{i}-{j}")}" '
            f'name="{ID}-p" aria-label="{says}"{" checked" if (i, j) == self.pair else ""}>'
        )

    def _grid(self, name, matrix):
        heads = "".join(f"<b>{html(word)}</b>" for word in self.words)
        rows = "".join(
            f"<span>{html(word)}</span>"
            + "".join(_cell(i, j, score) for j, score in enumerate(matrix[i]))
            for i, word in enumerate(self.words)
        )
        sentences = "".join(
            f'<p class="s{i}-{j}">{html(self.sentence(matrix, i, j))}</p>' for i, j in self.cells()
        )
        return (
            f'<div><strong>{html(name)}</strong><div class="af-asks" '
            f'style="--of:{len(self.words)}"><span></span>{heads}{rows}</div>'
            f'<div class="af-said-of" aria-live="polite">{sentences}</div></div>'
        )

    def sentence(self, matrix, i, j):
        """What two words ask of each other, and whether it is the same."""
        one, other = self.words[i], self.words[j]
        here, there = matrix[i, j], matrix[j, i]
        if i == j:
            return f"{one} asks itself: {trimmed(here)}."
        both = f"{one} asks {other}: {trimmed(here)}, {other} asks {one}: {trimmed(there)}"
        return f"{both}. {'The same.' if np.isclose(here, there) else 'Not the same.'}"

    def _rows(self, matrix):
        return [[word, *map(trimmed, row)] for word, row in zip(self.words, matrix, strict=True)]

    def numbers(self):
        made = zip(self.names, self.matrices, strict=True)
        bodies = (("", name, self._rows(matrix)) for name, matrix in made)
        return table("Rows ask, columns answer", self.words, bodies)

    def __repr__(self):
        made = zip(self.names, self.matrices, strict=True)
        parts = (f"{plain(n)}\n{text_table(self.words, self._rows(x))}" for n, x in made)
        return "\n\n".join([plain(self.title), *parts])

    def alternative(self):
        made = zip(self.names, self.matrices, strict=True)
        said = (f"{name}: {self.sentence(matrix, *self.pair)}" for name, matrix in made)
        return f"{self.title}. {' '.join(said)}"

    def drawing(self):
        return table_picture(self.words, self._rows(self.matrices[0]))


def _touched(i, j):
    """The cell under the pointer goes before the one that is checked."""
    checked = f":not(:has(.af-asks label:hover)):has(.p{i}-{j}:checked)"
    return f":is(:has(.c{i}-{j}:hover),{checked})"


def _cell(i, j, score):
    label = identity("p", f"{i}-{j}")
    return f'<label for="{label}" class="c{i}-{j}" aria-hidden="true">{trimmed(score)}</label>'
