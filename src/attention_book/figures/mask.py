"""A mask as a picture: open cells are marked, masked ones hatched."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from . import inputs, style
from .heatmap import Heatmap, _cell, _label
from .labels import short
from .picture import Picture

OPEN = "\N{CHECK MARK}"


def mask(seen, queries, keys=None, *, title=None):
    """Which query (a row) may look at which key (a column).

    Shape: seen bool (Tq, Tk), True = may attend. ValueError where labels and mask do not fit,
    or for anything that is not bool.
    """
    return Mask(seen, queries, queries if keys is None else keys, title)


class Mask(Picture):
    def __init__(self, seen, queries, keys, title=None):
        seen = np.asarray(inputs.plain(seen))
        if seen.dtype != bool:
            raise ValueError(f"mask: expected bool, got {seen.dtype}; write mask.bool()")
        queries = list(map(short, inputs.texts(queries, "mask: queries")))
        keys = list(map(short, inputs.texts(keys, "mask: keys")))
        self.map = Heatmap(np.zeros(seen.shape), queries, keys, seen, title, "mask")

    def figure(self):
        rows, columns = self.map.mask.shape
        room = 0.1 * max(map(len, self.map.queries + self.map.keys))  # inches
        size = (0.8 + room + 0.5 * columns, 0.6 + room + 0.46 * rows)
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots()
        axes.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
        for (i, j), seen in np.ndenumerate(self.map.mask):
            _cell(axes, i, j, 0, seen, written=False)
            if seen:
                axes.add_patch(Rectangle((j - 0.47, i - 0.47), 0.94, 0.94, fc=TINT, lw=0))
                axes.text(j, i, OPEN, ha="center", va="center", color=style.INK)
        _label(axes, self.map)
        return figure

    def __repr__(self):
        return repr(self.map).replace("0.00", "   1")


TINT = "#deebf7"
