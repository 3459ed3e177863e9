"""Tables of a figure's numbers: as markup, and as plain text where there is none."""

from html import escape

from .labels import html, plain


def table(caption, columns, bodies):
    """One table; each body is (class, name, rows), and each row starts with its own name.

    Closing tags of cells and rows are left out, as HTML allows: they would be a third of it.
    """
    head = "".join(f'<th scope="col">{html(c)}' for c in columns)
    parts = "".join(
        f'<tbody class="{seen}"><tr><th colspan="{len(columns) + 1}">{html(name)}'
        f"{''.join(_row(*row) for row in rows)}"
        for seen, name, rows in bodies
    )
    return (
        f'<div class="af-scroll" tabindex="0" role="group" aria-label="{html(caption)}"><table>'
        f"<caption>{html(caption)}</caption><thead><tr><td>{head}{parts}</table></div>"
    )


def _row(name, *cells):
    return f"<tr><th>{html(name)}" + "".join(f"<td>{escape(_text(cell))}" for cell in cells)


def text_table(columns, rows):
    """The same table as plain text, for where there is no markup."""
    lines = [
        ["", *map(plain, columns)],
        *([plain(name), *map(_text, cells)] for name, *cells in rows),
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(_line(line, widths) for line in lines)


def _text(cell):
    return plain(cell) if cell != "" else ""


def _line(cells, widths):
    first, *others = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(c.rjust(w) for c, w in others)]).rstrip()
