"""A small matrix with its name, its shape and all its numbers, for figures with many of them."""

from .labels import html
from .numbers import number


def matrix(name, x, classes, rows=None, kind=""):
    """A matrix with its name and shape; `kind` is the color of the name, or "shares" to shade."""
    lines = ""
    for i, line in enumerate(x):
        lines += f"<b>{html(rows[i])}</b>" if rows else ""
        lines += "".join(map(_cell, line, classes[i], [kind == "shares"] * len(line)))
    size = f"--of:{x.shape[1]};--first:{'max-content' if rows else ''}"
    return (
        f'<div><em class="{kind}">{name} <small>{x.shape[0]} × {x.shape[1]}</small></em>'
        f'<div class="af-cells" style="{size}">{lines}</div></div>'
    )


def _cell(x, classes, shaded):
    style = f" style=--share:{100 * x:.0f}" if shaded else ""
    return f'<i class="{classes}"{style}>{short(x)}</i>'


def short(x):
    """Whole numbers whole, others with two decimals and no zero before the point."""
    text = number(round(float(x), 2))
    text = text[:-1] if "." in text else text
    return text.replace("0.", ".") if abs(x) < 1 else text
