"""The live matrix that several choice figures share: queries down, keys across."""

from .choice import identity
from .labels import html

MOST_WRITTEN = 12  # more columns leave no room for numbers
FEW = 8
CORNER = '<b><span class="query">query ↓</span> <span class="key">key →</span></b>'


def matrix_markup(queries, keys, seen, values=None, chooses=None):
    """The matrix as markup. Cells take their percent from `values`, or from the figure's rules.

    A click on a row chooses that option of the choice whose key is `chooses`.
    """
    names = "".join(f"<span>{html(key)}</span>" for key in keys)
    rows = "".join(
        _row(i, f"<span>{html(query)}</span>", _cells(seen[i], values, i), chooses)
        for i, query in enumerate(queries)
    )
    written = " af-written" * (len(keys) <= MOST_WRITTEN) + " af-fine" * (len(keys) > FEW)
    return (
        f'<div class="af-matrix{written}" style="--columns:{len(keys)}" aria-hidden="true">'
        f'<div class="af-row af-top">{CORNER}{names}</div>{rows}</div>'
    )


def _row(i, name, cells, chooses):
    """A row; the first of its two labels covers the name, so that no option is called twice."""
    if chooses is None:
        return f'<div class="af-row r{i}">{name}{cells}</div>'
    label = f'<label class="af-over" for="{identity(chooses, i)}">'
    return f'<div class="af-row r{i}">{name}{label}</label>{label}{cells}</label></div>'


def _cells(seen, values, i):
    return "".join(
        "<i"
        + ("" if open_ else " class=no")
        + ("" if values is None else f" style=--share:{values[i][j]}")
        + "></i>"
        for j, open_ in enumerate(seen)
    )


def touched(key, i):
    """The selector of a figure whose option i counts: that of the row under the pointer, if any."""
    return f":is(:has(.r{i}:hover),:not(:has(.af-row+.af-row:hover)):has(.{key}{i}:checked))"


def column_rules(count):
    """A cell under the pointer marks the head of its column, and its bar."""
    marked = "font-weight:700;text-decoration:underline"
    return "".join(
        f"#:has(i:nth-of-type({j}):hover) :is(.af-top>span,li):nth-of-type({j}){{{marked}}}"
        for j in range(1, count + 1)
    )
