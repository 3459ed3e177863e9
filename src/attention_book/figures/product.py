"""A matrix product as on paper: one factor at the left, one above, the product in the corner."""

import numpy as np

from . import inputs
from .choice import ID, ChoiceFigure, identity
from .labels import html, plain
from .numbers import trimmed
from .pictures import table_picture
from .tables import table, text_table

MOST = 40  # cells of the product; each has a button and a sum of its own
KINDS = ("query", "key", "value", "weights")


def product(
    left,
    above,
    rows,
    columns,
    *,
    names=("Q", "Kᵀ", "S"),
    kinds=("query", "key"),
    cell=None,
    **texts,
):
    """Choose a cell of a product, and see the row, the column and the sum that make it.

    Shapes: left (M, K), above (K, N), one name for each of the M rows and N columns. `names` are
    those of the three matrices, `kinds` says what the factors hold ("query", "key", "value" or
    "weights"), `cell` the row and column at the start. A cell under the pointer shows its sum, too.
    Texts: `title`, `hint` (what to try), `answer` and `name`. ValueError for other shapes or kinds.
    """
    return Product(left, above, rows, columns, names, kinds, cell).finish(**texts)


class Product(ChoiceFigure):
    title = "Row times column"
    hint = "choose the largest number of the product. Which row and which column make it?"
    sheet = "product.css"

    def __init__(self, left, above, rows, columns, names, kinds, cell):
        self.left = inputs.array(left, "product: left")
        self.above = inputs.array(above, "product: above")
        self.rows = inputs.texts(rows, "product: rows")
        self.columns = inputs.texts(columns, "product: columns")
        self.names, self.kinds = [*map(inputs.text, names)], kinds
        _validate(self.left.shape, self.above.shape, len(self.rows), len(self.columns), kinds)
        self.product = self.left @ self.above
        self.cell = tuple(cell or np.unravel_index(self.product.argmax(), self.product.shape))

    def rules(self):
        height, width = self.product.shape
        lit = [f"#{_touched(f'y{i}')} .a{i}{{--lit:1}}" for i in range(height)]
        lit += [f"#{_touched(f'x{j}')} .b{j}{{--lit:1}}" for j in range(width)]
        cells = np.ndindex(height, width)
        sums = (f"#{_touched(f'x{j}.y{i}')} .sum{i}-{j}{{display:block}}" for i, j in cells)
        return "".join([*lit, *sums])

    def live(self):
        left, above, made = self.names
        sums = "".join(self._sum(i, j) for i, j in np.ndindex(self.product.shape))
        return (
            f'<div class="af-product" style="--k:{self.left.shape[1]};--n:{len(self.columns)}">'
            f"{self._above(above)}{self._left(left)}{self._corner(made)}</div>"
            f'<div class="af-sums" aria-live="polite">{sums}</div>'
        )

    def _above(self, name):
        heads = "".join(f'<b class="up {self.kinds[1]}">{html(c)}</b>' for c in self.columns)
        cells = "".join(
            f'<i class="b{j}">{trimmed(x)}</i>' for row in self.above for j, x in enumerate(row)
        )
        return (
            f'<div class="af-above {self.kinds[1]}" aria-hidden="true"><em>{html(name)}</em>'
            f'<div class="af-factor" style="--of:{len(self.columns)}">{heads}{cells}</div></div>'
        )

    def _left(self, name):
        cells = "".join(
            f'<b class="{self.kinds[0]}">{html(self.rows[i])}</b>'
            + "".join(f'<i class="a{i}">{trimmed(x)}</i>' for x in row)
            for i, row in enumerate(self.left)
        )
        return (
            f'<div class="af-left {self.kinds[0]}" aria-hidden="true"><em>{html(name)}</em>'
            f'<div class="af-factor" style="--of:{self.left.shape[1]}">{cells}</div></div>'
        )

    def _corner(self, name):
        cells = "".join(self._button(i, j) for i, j in np.ndindex(self.product.shape))
        return (
            f'<fieldset class="af-corner"><legend>{html(name)}: choose a cell</legend>'
            f'<div class="af-factor" style="--of:{len(self.columns)}">{cells}</div></fieldset>'
        )

    def _button(self, i, j):
        checked = " checked" if (i, j) == self.cell else ""
        says = f"{html(self.rows[i])} and {html(self.columns[j])}: {trimmed(self.product[i, j])}"
        return (
            f'<label><input type="radio" class="x{j} y{i}" id="{identity("p", f"{i}-{j}")}" '
            f'name="{ID}-p" aria-label="{says}"{checked}>'
            f"<i>{trimmed(self.product[i, j])}</i></label>"
        )

    def _sum(self, i, j):
        return f'<p class="sum{i}-{j}">{html(self.terms(i, j))}</p>'

    def terms(self, i, j):
        """The sum that makes one cell, in words."""
        pairs = zip(self.left[i], self.above[:, j], strict=True)
        terms = " + ".join(f"{_factor(a)}·{_factor(b)}" for a, b in pairs)
        return f"{self.rows[i]} and {self.columns[j]}: {terms} = {trimmed(self.product[i, j])}"

    def _lines(self):
        lines = zip(self.rows, self.product, strict=True)
        return [[row, *map(trimmed, line)] for row, line in lines]

    def numbers(self):
        bodies = [("", self.names[2], self._lines())]
        return table(f"{self.names[2]}, all of it", self.columns, bodies)

    def __repr__(self):
        head = f"{plain(self.title)}: {plain(self.names[2])}"
        return f"{head}\n{text_table(self.columns, self._lines())}"

    def alternative(self):
        return f"{self.title}. {self.terms(*self.cell)}"

    def drawing(self):
        return table_picture(self.columns, self._lines())


def _touched(buttons):
    """The cell under the pointer goes before the one that is checked."""
    return (
        f":is(:has(:hover>.{buttons}),:not(:has(.af-corner label:hover)):has(.{buttons}:checked))"
    )


def _factor(x):
    return f"({trimmed(x)})" if x < 0 else trimmed(x)


def _validate(left, above, rows, columns, kinds):
    if len(kinds) != 2 or not set(kinds) <= set(KINDS):
        raise ValueError(f"product: kinds must be two of {', '.join(KINDS)}, got {kinds}")
    fits = (
        len(left) == len(above) == 2
        and left[1] == above[0]
        and (left[0], above[1]) == (rows, columns)
    )
    if not fits or rows * columns > MOST:
        raise ValueError(
            f"product: {rows} rows and {columns} columns, at most {MOST} cells, need factors of "
            f"shapes ({rows}, K) and (K, {columns}), got {left} and {above}"
        )
