"""A query and a key as arrows that turn with their places, and the score that they have."""

import numpy as np

from . import inputs
from .labels import plain
from .live import LiveFigure
from .pictures import table_picture
from .tables import table, text_table

COLUMNS = ["one turn", "query turned by", "key turned by", "part of the score"]
MOST = 8  # pairs; more arrows would be too small on a phone


def arrows(q, k, speeds, places, *, query=1, key=0, **texts):
    """Move a query and a key along a text: their arrows turn, and their score follows.

    `q` and `k` (P, 2) hold a pair of features for each arrow, and `speeds` (P,) the angles by which
    it turns from one place to the next, in radians. `places` says how many places there are;
    `query` and `key` are those at the start. Texts: `title`, `hint` (what to try), `answer` and
    `name`. ValueError for other shapes, more than eight pairs or places that there are not.
    """
    return Arrows(q, k, speeds, places, query, key).finish(**texts)


class Arrows(LiveFigure):
    title = "A query and a key that turn"
    hint = "move both on by one, a few times. What turns, and what stands still?"
    classes = "af af-scripted af-arrows"
    script = "arrows.js"
    sheet = "live/arrows.css"

    def __init__(self, q, k, speeds, places, query=1, key=0):
        self.speeds = np.ravel(inputs.array(speeds, "arrows: speeds"))
        self.q, self.k = (inputs.array(x, f"arrows: {name}") for x, name in ((q, "q"), (k, "k")))
        self.last, self.places = places - 1, (query, key)
        pairs = (self.speeds.size, 2)
        fits = self.q.shape == self.k.shape == pairs and 1 <= self.speeds.size <= MOST
        if not fits or not all(0 <= place <= self.last for place in self.places):
            raise ValueError(
                f"arrows: expected q and k of shape {pairs}, 1 to {MOST} pairs, and places from 0 "
                f"to {self.last}, got {self.q.shape}, {self.k.shape}, {query} and {key}"
            )
        self.sizes = np.linalg.norm([self.q, self.k], axis=2)
        self.angles = np.arctan2([self.q[:, 1], self.k[:, 1]], [self.q[:, 0], self.k[:, 0]])
        self.longest = max(1e-9, self.sizes.max())

    def parts(self, distance):
        """What each pair adds to the score of a query so far behind its key."""
        between = self.angles[0] - self.angles[1] + self.speeds * np.asarray(distance)[..., None]
        return self.sizes.prod(axis=0) * np.cos(between)

    def score(self, distance):
        return self.parts(distance).sum(axis=-1)

    def data(self):
        lists = {"angles": self.angles, "sizes": self.sizes, "speeds": self.speeds}
        return {name: np.round(x, 9).tolist() for name, x in lists.items()} | {"last": self.last}

    def live(self):
        m, n = self.places
        faces = "".join(map(self._face, range(len(self.speeds)), self.parts(m - n)))
        return (
            f'<div class="af-moves">{_range("query", m, self.last)}{_range("key", n, self.last)}'
            '<p><button type="button">← both one back</button> '
            '<button type="button">both one on →</button></p></div>'
            f'<output class="af-says" aria-live="polite">{self.says()}</output>'
            f'<ol style="--m:{m};--n:{n}">{faces}</ol>{self._plot()}'
        )

    def _face(self, i, part):
        hands = "".join(self._hand(i, which) for which in (0, 1))
        return (
            f'<li style="--speed:{self.speeds[i]:.6g}"><svg viewBox="-50 -50 100 100" '
            f'aria-hidden="true"><circle r="48"/>{hands}</svg>'
            f"<small>turn: {_turn(self.speeds[i])}</small><b>{_number(part)}</b></li>"
        )

    def _hand(self, i, which):
        """An arrow to the right, turned to where its pair points; the key's has an open head."""
        tip = 46 * self.sizes[which, i] / self.longest
        head = f"M{tip - 9:.1f}-6L{tip:.1f} 0L{tip - 9:.1f} 6" + "z" * (not which)
        kind = ("query", "key")[which]
        return (
            f'<g class="{kind}" style="--at:{self.angles[which, i]:.6g}">'
            f'<path d="M0 0H{tip:.1f}{head}"/></g>'
        )

    def says(self):
        m, n = self.places
        score = _number(self.score(m - n))
        return f"query at {m}, key at {n}, distance {_sign(m - n)}: score {score}"

    def _plot(self):
        last, curve = self.last, self.score(np.arange(-self.last, self.last + 1))
        most, low = np.ceil(max(0, curve.max())), np.floor(min(0, curve.min()))
        points = "L".join(f"{x} {most - score:.2f}" for x, score in enumerate(curve))
        distance = self.places[0] - self.places[1]
        now = f"--k:{distance};--f:{self.score(distance):.3f}"
        return (
            '<p class="af-axis">score</p>'
            f'<div class="af-plot" style="{now};--last:{last};--most:{most:g};--low:{low:g}">'
            f'<svg viewBox="0 0 {2 * last} {most - low:g}" preserveAspectRatio="none" '
            f'aria-hidden="true"><path d="M{points}"/></svg><i></i></div>'
            f'<p class="af-axis"><span>{_sign(-last)}</span><span>distance, query − key</span>'
            f"<span>{last}</span></p>"
        )

    def rows(self):
        m, n = self.places
        for i, (speed, part) in enumerate(zip(self.speeds, self.parts(m - n), strict=True)):
            angles = [f"{speed * place:.3f}" for place in (m, n)]
            yield [f"pair {i}", _turn(speed), *angles, _number(part)]

    def numbers(self):
        return table("The pairs", COLUMNS, [("", self.says(), self.rows())])

    def __repr__(self):
        return f"{plain(self.title)}, {self.says()}\n{text_table(COLUMNS, list(self.rows()))}"

    def alternative(self):
        return f"{self.title}. {len(self.speeds)} circles with two arrows each. {self.says()}."

    def drawing(self):
        return table_picture(COLUMNS, list(self.rows()))


def _range(name, value, last):
    limits = f'min="0" max="{last}" step="1" value="{value}"'
    return f'<label class="af-range af-{name}">{name} at <input type="range" {limits}></label>'


def _turn(speed):
    return f"{2 * np.pi / speed:,.0f}"


def _number(x):
    return _sign(f"{np.round(x, 6):.2f}")


def _sign(x):
    return str(x).replace("-", "−")
