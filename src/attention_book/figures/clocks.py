"""Two places as the hands of the same clocks, and the dot product that they have."""

import numpy as np

from . import inputs
from .labels import plain
from .live import LiveFigure
from .pictures import table_picture
from .tables import table, text_table

COLUMNS = ["one turn", "angle at m", "angle at n", "cosine of the difference"]


def clocks(speeds, places, *, first=0, second=1, **texts):
    """Move two places m and n; the hands of all clocks follow, and so does their dot product.

    `speeds` (H,) are the angles by which the hands turn from one place to the next, in radians;
    `places` says how many places there are, and `first` and `second` are m and n at the start. The
    code of a place holds sine and cosine of each hand. Texts: `title`, `hint` (what to try),
    `answer` and `name`. ValueError for places that there are not.
    """
    return Clocks(speeds, places, first, second).finish(**texts)


class Clocks(LiveFigure):
    title = "Two positions on the same clocks"
    hint = "move both positions on by one, a few times. What turns, and what stays?"
    classes = "af af-scripted af-clocks"
    script = "clocks.js"
    sheet = "live/clocks.css"

    def __init__(self, speeds, places, first=0, second=1):
        self.speeds = np.ravel(inputs.array(speeds, "clocks: speeds"))
        self.last = places - 1
        self.places = [first, second]
        if not all(0 <= place <= self.last for place in self.places) or not self.speeds.size:
            raise ValueError(
                f"clocks: expected speeds and two places from 0 to {self.last}, got "
                f"{self.speeds.size} speeds and the places {first} and {second}"
            )

    def cosines(self):
        """What each hand adds to the dot product."""
        return np.cos(self.speeds * (self.places[1] - self.places[0]))

    def data(self):
        return {"speeds": self.speeds.tolist(), "last": self.last}

    def live(self):
        m, n = self.places
        parts = zip(self.speeds, self.cosines(), strict=True)
        faces = "".join(_face(speed, cosine) for speed, cosine in parts)
        return (
            f'<div class="af-moves">{_range("m", m, self.last)}{_range("n", n, self.last)}'
            '<p><button type="button">← both one back</button> '
            '<button type="button">both one on →</button></p></div>'
            f'<output class="af-says" aria-live="polite">{self.says()}</output>'
            f'<ol style="--m:{m};--n:{n}">{faces}</ol>{self._plot()}'
        )

    def says(self):
        m, n = self.places
        total = _number(self.cosines().sum())
        return f"m = {m}, n = {n}, distance {_sign(n - m)}: dot product {total}"

    def _plot(self):
        most, last = len(self.speeds), self.last
        curve = np.cos(self.speeds * np.arange(-last, last + 1)[:, None]).sum(axis=1)
        low = min(0, np.floor(curve.min()))
        points = "L".join(f"{x} {most - f:.2f}" for x, f in enumerate(curve))
        now = f"--k:{self.places[1] - self.places[0]};--f:{self.cosines().sum():.3f}"
        return (
            '<p class="af-axis">dot product</p>'
            f'<div class="af-plot" style="{now};--last:{last};--most:{most};--low:{low:g}">'
            f'<svg viewBox="0 0 {2 * last} {most - low:g}" preserveAspectRatio="none" '
            f'aria-hidden="true"><path d="M{points}"/></svg><i></i></div>'
            f'<p class="af-axis"><span>{_sign(-last)}</span><span>distance n − m</span>'
            f"<span>{last}</span></p>"
        )

    def rows(self):
        """For each hand: places in a turn, its angles at m and n, and the cosine between."""
        m, n = self.places
        for i, (speed, cosine) in enumerate(zip(self.speeds, self.cosines(), strict=True)):
            angles = [f"{speed * place:.3f}" for place in (m, n)]
            yield [f"hand {i}", _turn(speed), *angles, _number(cosine)]

    def numbers(self):
        return table("The hands", COLUMNS, [("", self.says(), self.rows())])

    def __repr__(self):
        return f"{plain(self.title)}, {self.says()}\n{text_table(COLUMNS, list(self.rows()))}"

    def alternative(self):
        return f"{self.title}. {len(self.speeds)} clocks with two hands each. {self.says()}."

    def drawing(self):
        return table_picture(COLUMNS, list(self.rows()))


def _face(speed, cosine):
    hands = (
        '<path class="m" d="M0 6V-36M-5-42h10v10h-10z"/>'
        '<path class="n" d="M0 6V-36M-6-36a6 6 0 1 1 12 0a6 6 0 1 1-12 0"/>'
    )
    return (
        f'<li style="--speed:{speed:.6g}"><svg viewBox="-50 -50 100 100" aria-hidden="true">'
        f'<circle r="48"/><path d="M0-48v7"/>{hands}</svg><small>turn: {_turn(speed)}</small>'
        f"<b>{_number(cosine)}</b></li>"
    )


def _range(name, value, last):
    limits = f'min="0" max="{last}" step="1" value="{value}"'
    return (
        f'<label class="af-range af-{name}">position {name} <input type="range" {limits}></label>'
    )


def _turn(speed):
    return f"{2 * np.pi / speed:,.0f}"


def _number(x):
    return _sign(f"{x:.2f}")


def _sign(x):
    return str(x).replace("-", "−")
