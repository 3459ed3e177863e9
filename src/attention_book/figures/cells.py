"""A small matrix with its name, its shape and all its numbers, for figures with many of them.

The numbers are drawn by style rules: as texts of labels they would become names of radio buttons.
"""

from .labels import html
from .numbers import number


def matrix(name, x, cells, rows=(), kind=""):
    """A matrix with its name and shape; `kind` is the color of the name, or "shares" to shade.

    `cells` has for each number its classes and the id of the radio button that a click chooses;
    `rows` has the names of the rows and the ids, if they are to be named.
    """
    lines = ""
    for i, line in enumerate(x):
        lines += _label("af-name", *reversed(rows[i])) if rows else ""
        lines += "".join(_cell(n, *cell, kind) for n, cell in zip(line, cells[i], strict=True))
    size = f"--of:{x.shape[1]};--first:{'max-content' if rows else ''}"
    return (
        f'<div><em class="{kind}">{name} <small>{x.shape[0]} × {x.shape[1]}</small></em>'
        f'<div class="af-cells" style="{size}">{lines}</div></div>'
    )


def _cell(x, classes, chosen, kind):
    shade = f" style=--share:{100 * x:.0f}" if kind == "shares" else ""
    return _label(classes, chosen, short(x), shade)


def _label(classes, chosen, text, more=""):
    return f'<label class="{classes}" for="{chosen}" data-n="{html(text)}"{more}></label>'


def short(x):
    """Whole numbers whole, others with two decimals and no zero before the point."""
    text = number(round(float(x), 2))
    text = text[:-1] if "." in text else text
    return text.replace("0.", ".") if abs(x) < 1 else text
