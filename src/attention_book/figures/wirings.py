"""Ways to wire a decoder to its encoder: which layer reads which, as arrows and as a matrix."""

import numpy as np

from . import inputs
from .choice import Choice, ChoiceFigure
from .labels import html, plain
from .numbers import number
from .pictures import table_picture
from .tables import table, text_table

ROW, LEFT, RIGHT = 64, 98, 198  # of the drawing: height of a layer, and where arrows go


def wirings(shares, *, chosen=0, **texts):
    """Choose a wiring, and see how much each layer of the decoder reads of each of the encoder.

    `shares` are matrices by their names: a row for each layer of the decoder, a column for each of
    the encoder, rows that add up to 1. `chosen` is the name or place at the start. Texts: `title`,
    `hint` (what to try), `answer` and `name`. ValueError for other matrices.
    """
    return Wirings(shares, chosen).finish(**texts)


class Wirings(ChoiceFigure):
    sheet = "wirings.css"
    title = "Which layer reads which"
    hint = "choose each wiring. In which does a layer of the encoder reach nobody directly?"

    def __init__(self, shares, chosen=0):
        self.names = inputs.texts(shares, "wirings: names")
        self.shares = inputs.array(list(shares.values()), "wirings: shares")
        if self.shares.ndim != 3 or not np.allclose(self.shares.sum(axis=-1), 1):
            raise ValueError(
                f"wirings: each needs a matrix of shares whose rows add up to 1, got shape "
                f"{self.shares.shape}"
            )
        self.chosen = inputs.place(self.names, chosen, "wirings: chosen")
        _, readers, read = self.shares.shape
        self.readers = [f"decoder {i + 1}" for i in range(readers)]
        self.read = [f"encoder {i + 1}" for i in range(read)]

    def choices(self):
        return [Choice("w", "The wiring", self.names, self.chosen)]

    def live(self):
        arrows = "".join(
            f'<g class="{self._seen(w)}">{"".join(map(_arrow, *self._ends(w)))}</g>'
            for w in range(len(self.names))
        )
        boxes = "".join(_box(0, i, name) for i, name in enumerate(self.read))
        boxes += "".join(_box(RIGHT + 4, i, name) for i, name in enumerate(self.readers))
        high = ROW * max(len(self.read), len(self.readers))
        matrices = "".join(
            f'<div class="{self._seen(w)}">{self._matrix(w)}</div>' for w in range(len(self.names))
        )
        return (
            f'<div class="af-sides"><svg class="af-wires" viewBox="0 0 300 {high}" '
            f'aria-hidden="true">{arrows}{boxes}</svg><div class="af-shares" aria-live="polite">'
            f"{matrices}</div></div>"
        )

    def _seen(self, w):
        return f"on-w{w}" if len(self.names) > 1 else ""

    def _ends(self, w):
        """The layers at both ends of each arrow of a wiring, and its share."""
        ends = np.argwhere(self.shares[w].T)
        return ends[:, 0], ends[:, 1], [self.shares[w, i, j] for j, i in ends]

    def _matrix(self, w):
        head = "".join(f'<th scope="col">{name}</th>' for name in self.read)
        rows = "".join(
            f'<tr><th scope="row">{name}</th>'
            + "".join(f'<td style="--share:{100 * x:.0f}">{number(x)}</td>' for x in row)
            + "</tr>"
            for name, row in zip(self.readers, self.shares[w], strict=True)
        )
        return (
            f"<table><caption>{html(self.names[w])}: a row for each layer of the decoder, a "
            f"column for each of the encoder</caption><thead><tr><td></td>{head}</tr></thead>"
            f"{rows}</table>"
        )

    def _rows(self, w):
        rows = zip(self.readers, self.shares[w], strict=True)
        return [[name, *map(number, row)] for name, row in rows]

    def numbers(self):
        bodies = (("", name, self._rows(w)) for w, name in enumerate(self.names))
        return table("How much each layer reads", self.read, bodies)

    def __repr__(self):
        parts = (
            f"{plain(name)}\n{text_table(self.read, self._rows(w))}"
            for w, name in enumerate(self.names)
        )
        return "\n\n".join([plain(self.title), *parts])

    def alternative(self):
        said = ", ".join(
            f"{self.readers[i]} reads {number(share)} of {self.read[j]}"
            for j, i, share in zip(*self._ends(self.chosen), strict=True)
        )
        return f"{self.title}. {self.names[self.chosen]}: {said}."

    def drawing(self):
        return table_picture(self.read, self._rows(self.chosen))


def _arrow(read, reader, share):
    y1, y2 = (ROW * (i + 0.5) for i in (read, reader))
    head = f"M{RIGHT - 9} {y2 - 6:g}l10 6-10 6"
    return (
        f'<path d="M{LEFT} {y1:g}C{LEFT + 50} {y1:g} {RIGHT - 50} {y2:g} {RIGHT} {y2:g}{head}" '
        f'style="--share:{100 * share:.0f}"/>'
    )


def _box(x, i, name):
    y = ROW * i + 13
    return (
        f'<rect x="{x + 1}" y="{y}" width="94" height="{ROW - 26}" rx="6"/>'
        f'<text x="{x + 48}" y="{y + 24}">{name}</text>'
    )
