"""The heat maps of several heads side by side, on one scale."""

import numpy as np
from matplotlib.figure import Figure

from . import inputs, style
from .heatmap import Heatmap, _cell, _label
from .labels import short
from .picture import Picture
from .shares import weights_of

ACROSS = 4
MOST_WRITTEN = 6


def heads(weights, queries, keys=None, *, names=None, mask=None):
    """Every head's weights of each query (a row) on each key (a column), side by side.

    Shapes: weights (H, Tq, Tk) between 0 and 1, mask bool (Tq, Tk) with True = may attend.
    ValueError where labels and shapes do not fit.
    """
    return Heads(weights, queries, queries if keys is None else keys, names, mask)


class Heads(Picture):
    def __init__(self, weights, queries, keys, names=None, mask=None):
        weights = weights_of(weights, "heads")
        names = [f"head {h + 1}" for h in range(len(weights))] if names is None else names
        queries, keys, names = (
            [short(label) for label in inputs.texts(labels, f"heads: {kind}")]
            for kind, labels in (("queries", queries), ("keys", keys), ("names", names))
        )
        if weights.ndim != 3 or len(names) != len(weights):
            raise ValueError(
                f"heads: expected weights (H, Tq, Tk) and H names, got {weights.shape} and "
                f"{len(names)} names"
            )
        pairs = zip(weights, names, strict=True)
        self.maps = [Heatmap(matrix, queries, keys, mask, name, "heads") for matrix, name in pairs]

    def figure(self):
        across = min(ACROSS, len(self.maps))
        down = -(-len(self.maps) // across)
        queries, keys = self.maps[0].queries, self.maps[0].keys
        room = 0.7 + 0.1 * max(map(len, queries + keys))  # inches
        size = (room + 0.46 * len(keys)) * across, (room + 0.4 * len(queries)) * down
        figure = Figure(figsize=size, layout="constrained")
        places = figure.subplots(down, across, squeeze=False).ravel()
        for axes, chart in zip(places, self.maps, strict=False):
            _draw(axes, chart)
        for axes in places[len(self.maps) :]:
            axes.set_axis_off()
        return figure

    def __repr__(self):
        return "\n\n".join(f"{style.label(chart.title)}\n{chart!r}" for chart in self.maps)


def _draw(axes, chart):
    axes.imshow(chart.weights, cmap=style.WEIGHTS, vmin=0, vmax=1, aspect="auto")
    _label(axes, chart)
    for text in axes.get_xticklabels():
        text.set(rotation=40, ha="left", rotation_mode="anchor")
    for i, j in np.ndindex(chart.weights.shape):
        written = chart.weights.shape[1] <= MOST_WRITTEN
        _cell(axes, i, j, chart.weights[i, j], chart.mask[i, j], written)
