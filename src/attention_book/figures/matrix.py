"""The live matrix that several choice figures share: queries down, keys across."""

from .labels import html

MOST_WRITTEN = 12  # more columns leave no room for numbers
CORNER = '<b><span class="query">query ↓</span> <span class="key">key →</span></b>'


def matrix_markup(queries, keys, seen, values=None):
    """The matrix as markup. Cells take their percent from `values`, or from the figure's rules."""
    names = "".join(f"<span>{html(key)}</span>" for key in keys)
    rows = "".join(
        f'<div class="af-row r{i}"><span>{html(query)}</span>{_cells(seen[i], values, i)}</div>'
        for i, query in enumerate(queries)
    )
    written = " af-written" if len(keys) <= MOST_WRITTEN else ""
    return (
        f'<div class="af-matrix{written}" style="--columns:{len(keys)}" aria-hidden="true">'
        f'<div class="af-row af-top">{CORNER}{names}</div>{rows}</div>'
    )


def _cells(seen, values, i):
    return "".join(
        "<i"
        + ("" if open_ else " class=no")
        + ("" if values is None else f" style=--share:{values[i][j]}")
        + "></i>"
        for j, open_ in enumerate(seen)
    )
