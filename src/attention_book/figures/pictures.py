"""What the choice figures draw for readers without styles: a matrix of shares, a table of cells."""

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex

from . import style
from .drawing import HATCH, Drawing
from .labels import plain, short
from .shares import MASKED, said

ROW, LETTER = 30, 8  # pixels
TINT = "#e8eef5"


def shade(share):
    """The color of a weight between 0 and 1, on the scale of every heat map of the book."""
    return to_hex(colormaps[style.WEIGHTS](round(100 * share) / 100))


def matrix_picture(percents, queries, keys, cell=40):
    """A matrix of whole percents, queries down and keys across, with up to 12 columns written."""
    queries, keys = list(map(short, queries)), list(map(short, keys))
    left, top = (20 + 8 * max(map(len, names)) for names in (queries, keys))
    picture = Drawing(left + cell * len(keys) + 60, top + cell * len(queries) + 8)
    for j, key in enumerate(keys):
        place = left + cell * (j + 0.5), top - 10
        picture.text(*place, key, color=style.KEY, align="left", turn=60)
    for i, query in enumerate(queries):
        place = left - 10, top + cell * (i + 0.5)
        picture.text(*place, query, color=style.QUERY, align="right")
    for (i, j), percent in np.ndenumerate(percents):
        _matrix_cell(picture, left + cell * j, top + cell * i, cell, percent, len(keys) <= 12)
    return picture


def _matrix_cell(picture, x, y, cell, percent, written):
    if percent == MASKED:
        return picture.box(x, y, cell - 1, cell - 1, HATCH)
    picture.box(x, y, cell - 1, cell - 1, shade(max(percent, 0) / 100))
    if written:
        color = style.PAPER if percent > 55 else style.INK
        picture.text(x + cell / 2, y + cell / 2, said(percent), color=color)
    return None


def table_picture(columns, rows):
    """A table of short texts; each row is a list that starts with its name."""
    lines = [["", *columns], *rows] if columns else rows
    length = max(map(len, lines))
    padded = [
        [*(str(x) and plain(x) for x in line), *[""] * (length - len(line))] for line in lines
    ]
    widths = [20 + LETTER * max(map(len, column)) for column in zip(*padded, strict=True)]
    picture = Drawing(sum(widths) + 16, ROW * len(lines) + 16)
    for i, line in enumerate(padded):
        _row(picture, 8 + ROW * i, line, widths, boxed=not columns or i > 0)
    return picture


def _row(picture, y, line, widths, boxed):
    x = 8
    for j, (text, width) in enumerate(zip(line, widths, strict=True)):
        if boxed and j and text:
            picture.box(x + 1, y + 1, width - 2, ROW - 2, TINT)
        if text:
            color = style.INK if j or not boxed else style.QUERY
            picture.text(x + width / 2, y + ROW / 2, text, color=color)
        x += width
