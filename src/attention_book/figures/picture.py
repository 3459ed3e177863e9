"""What all drawn figures share: a PNG that is the same on every run and on every machine."""

import io

import matplotlib.style

from .style import SHEET


def png(draw, dpi=144):
    """The figure that `draw` makes, as a PNG; a reader's matplotlibrc has no say in it."""
    file = io.BytesIO()
    with matplotlib.style.context(["default", SHEET]):
        draw().savefig(file, format="png", dpi=dpi, metadata={"Software": None})
    return file.getvalue()


class Picture:
    """A matplotlib figure that notebooks show as a PNG; `repr` gives its numbers."""

    def figure(self):
        raise NotImplementedError

    def _repr_png_(self):
        return png(self.figure)
