"""Attention weights as a picture: queries down, keys across, always on a scale from 0 to 1."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from . import inputs, style
from .picture import Picture
from .shares import mask_of, weights_of

MOST_WRITTEN = 12  # wider matrices have no room for numbers and get a color bar instead


def heatmap(weights, queries, keys=None, *, mask=None, title=None):
    """Weights of each query (a row) on each key (a column), with the numbers of up to 12 keys.

    Shapes: weights (Tq, Tk) between 0 and 1, mask bool (Tq, Tk) with True = may attend.
    Masked cells are hatched. Displays as a picture, or as a table of the numbers where there
    is no picture. ValueError where labels and weights do not fit.
    """
    return Heatmap(weights, queries, queries if keys is None else keys, mask, title)


class Heatmap(Picture):
    """A heat map that notebooks show as a PNG and as a text table with the same numbers."""

    def __init__(self, weights, queries, keys, mask=None, title=None, where="heatmap"):
        self.queries = inputs.texts(queries, f"{where}: queries")
        self.keys = inputs.texts(keys, f"{where}: keys")
        self.weights = weights_of(weights, where)
        _validate(self.weights.shape, len(self.queries), len(self.keys), where)
        self.mask = mask_of(mask, self.weights.shape, where)
        self.title = title

    def figure(self):
        rows, columns = self.weights.shape
        cell = 0.7 if columns <= 6 else 0.46
        figure = Figure(figsize=(1.2 + cell * columns, 1.0 + 0.46 * rows), layout="constrained")
        axes = figure.subplots()
        image = axes.imshow(self.weights, cmap=style.WEIGHTS, vmin=0, vmax=1, aspect="auto")
        _label(axes, self)
        for i, j in np.ndindex(rows, columns):
            _cell(axes, i, j, self.weights[i, j], self.mask[i, j], written=columns <= MOST_WRITTEN)
        if columns > MOST_WRITTEN:
            figure.colorbar(image, ax=axes, ticks=[0, 0.5, 1], pad=0.02, label="weight")
        return figure

    def __repr__(self):
        width = max(map(len, (*self.queries, *self.keys, "0.00"))) + 2
        lines = ["query \\ key".ljust(width + 9) + "".join(k.rjust(width) for k in self.keys)]
        for name, row, seen in zip(self.queries, self.weights, self.mask, strict=True):
            cells = [f"{w:.2f}" if s else "·" for w, s in zip(row, seen, strict=True)]
            lines.append(name.ljust(width + 9) + "".join(c.rjust(width) for c in cells))
        return "\n".join(line.rstrip() for line in lines)


def _label(axes, chart):
    axes.set_xticks(range(len(chart.keys)), [style.label(k) for k in chart.keys])
    axes.set_yticks(range(len(chart.queries)), [style.label(q) for q in chart.queries])
    axes.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
    axes.set_xlabel("key", color=style.KEY, fontweight="bold")
    axes.xaxis.set_label_position("top")
    axes.set_ylabel("query", color=style.QUERY, fontweight="bold")
    axes.spines[:].set_visible(False)
    if chart.title:
        axes.set_title(style.label(chart.title), parse_math=False)
    for text in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        text.set(parse_math=False, color=style.INK, fontsize=style.SIZE)
    if len(chart.keys) > 6 or max(map(len, map(str, chart.keys))) > 7:
        for text in axes.get_xticklabels():
            text.set(rotation=40, ha="left", rotation_mode="anchor")


def _cell(axes, i, j, weight, seen, written):
    if seen and written:
        color = style.PAPER if weight > 0.55 else style.INK
        number = f"{weight:.2f}".removeprefix("0")
        axes.text(j, i, number, ha="center", va="center", color=color, fontsize=style.SIZE)
    elif not seen:
        corner = (j - 0.5, i - 0.5)
        axes.add_patch(Rectangle(corner, 1, 1, fc=style.PAPER, ec=style.FAINT, hatch="///", lw=0))


def _validate(shape, queries, keys, where):
    if shape != (queries, keys):
        several = "; choose one head of one sentence, as in weights[0, 0]" * (len(shape) > 2)
        raise ValueError(
            f"{where}: {queries} queries and {keys} keys need a matrix of shape "
            f"({queries}, {keys}), got {shape}{several}"
        )
