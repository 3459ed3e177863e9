"""Matrices of places against places: choose a distance, and see its diagonals."""

import numpy as np

from . import inputs
from .choice import Choice, ChoiceFigure, identity
from .labels import plain
from .pictures import table_picture
from .tables import table, text_table

MOST = 9  # places; more numbers would not stand on a phone
DEEPEST = 45  # percent of color, so that a number can be read on it


def diagonals(matrices, *, distance=1, **texts):
    """Choose a matrix and a distance: all cells at that distance light, and say their range.

    `matrices` by their names, each (T, T) and symmetric, with at most 9 places; `distance` is that
    at the start. Texts: `title`, `hint` (what to try), `answer` and `name`. ValueError for others.
    """
    return Diagonals(matrices, distance).finish(**texts)


class Diagonals(ChoiceFigure):
    classes = "af af-diagonals"
    sheet = "diagonals.css"
    title = "One number for each distance, or many"
    hint = "choose a distance, then the other matrix. Where is each diagonal one number?"

    def __init__(self, matrices, distance=1):
        self.names = inputs.texts(matrices, "diagonals: matrices")
        self.matrices = [inputs.array(x, "diagonals: matrices") for x in matrices.values()]
        self.count = len(self.matrices[0])
        _validate(self.matrices, (self.count, self.count))
        self.distances = list(range(self.count))
        self.distance = inputs.place(self.distances, distance, "diagonals: distance")

    def choices(self):
        return [
            Choice("m", "Dot products of", self.names),
            Choice("d", "Distance", self.distances, self.distance),
        ]

    def rules(self):
        return "".join(
            f"#{_chosen(d)} .at{d}{{--lit:1}}#{_chosen(d)} .says{d}{{display:inline}}"
            for d in self.distances
        )

    def live(self):
        parts = enumerate(self.matrices)
        return "".join(f'<div class="on-m{m}">{self._told(x)}{_matrix(x)}</div>' for m, x in parts)

    def _told(self, matrix):
        lines = "".join(
            f'<span class="says{d}">{self.says(matrix, d)}</span>' for d in self.distances
        )
        return f'<p class="af-says" aria-live="polite">{lines}</p>'

    def says(self, matrix, distance):
        """What the cells at this distance have in common."""
        cells = np.diagonal(matrix, distance)
        low, high = _number(cells.min()), _number(cells.max())
        found = f"always {low}" if low == high else f"from {low} to {high}"
        return f"Distance {distance}: {found}."

    def rows(self):
        for distance in self.distances:
            yield [distance, *(self.says(x, distance).split(": ")[1] for x in self.matrices)]

    def numbers(self):
        return table("At each distance", self.names, [("", "Dot products", self.rows())])

    def __repr__(self):
        return f"{plain(self.title)}\n{text_table(self.names, list(self.rows()))}"

    def alternative(self):
        return f"{self.title}. {self.names[0]}: {self.says(self.matrices[0], self.distance)}"

    def drawing(self):
        return table_picture(self.names, list(self.rows()))


def _chosen(d):
    """A cell under the pointer goes before the distance that is chosen."""
    return f":is(:has(.at{d}:hover),:not(:has(.af-dots i:hover)):has(.d{d}:checked))"


def _matrix(matrix):
    low, high = matrix.min(), matrix.max()
    shades = DEEPEST * (matrix - low) / (high - low)
    places = range(len(matrix))
    heads = "".join(f"<b>{j}</b>" for j in places)
    rows = "".join(
        f"<b>{i}</b>" + "".join(_cell(abs(i - j), matrix[i, j], shades[i, j]) for j in places)
        for i in places
    )
    return (
        f'<div class="af-dots" style="--columns:{len(matrix)}" aria-hidden="true"><b>pos.</b>'
        f"{heads}{rows}</div>"
    )


def _cell(distance, value, shade):
    label = f'<label class="af-over" for="{identity("d", distance)}"></label>'
    return f'<i class="at{distance}" style="--shade:{shade:.0f}">{_number(value)}{label}</i>'


def _number(x):
    return f"{x:.1f}".replace("-", "−")


def _validate(matrices, shape):
    for x in matrices:
        if x.shape != shape or not 2 <= len(x) <= MOST or not np.allclose(x, x.T):
            raise ValueError(
                f"diagonals: matrices must be symmetric and of one shape (T, T), T from 2 to "
                f"{MOST}, got {[x.shape for x in matrices]}"
            )
