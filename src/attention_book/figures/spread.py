"""What the width of the keys does to scores, and what the division by its root undoes."""

import numpy as np

from . import inputs
from .choice import Choice, ChoiceFigure
from .labels import html, plain
from .pictures import table_picture
from .shares import percents, said, softmax
from .tables import table, text_table

BINS = 49  # odd, so that 0 lies in the middle of one
SIDES = {"u": "q · k", "v": "q · k ÷ √D"}


def spread(scores, widths, *, width=-1, **texts):
    """The scores of many queries at several widths, undivided and divided, and their shares.

    Shape: scores (W, N, K), the undivided dot products of N queries with K keys at each of the W
    widths. A bar is the mean over all queries: of the largest share, of the second, and so on.
    `width` is the one at the start. Texts: `title`,
    `hint` (what to try), `answer` and `name`. ValueError for another shape.
    """
    return Spread(scores, widths, width).finish(**texts)


class Spread(ChoiceFigure):
    title = "Wide keys spread the scores"
    hint = "go from the narrowest to the widest key. Which side stays as it is?"
    sheet = "spread.css"

    def __init__(self, scores, widths, width=-1):
        self.scores = inputs.array(scores, "spread: scores")
        self.names = inputs.texts(widths, "spread: widths")
        if self.scores.ndim != 3 or len(self.scores) != len(self.names):
            raise ValueError(
                f"spread: {len(self.names)} widths need scores of shape ({len(self.names)}, N, K), "
                f"got {self.scores.shape}"
            )
        self.roots = np.sqrt(inputs.array(widths, "spread: widths"))
        self.ranks = ["largest", *map(_ordinal, range(2, self.scores.shape[2] + 1))]
        self.reach = 3 * self.roots.max()
        self.width = inputs.place(self.names, width, "spread: width")

    def choices(self):
        return [Choice("d", "Width D of queries and keys", self.names, self.width)]

    def sides(self, w):
        """The scores at one width, undivided and divided."""
        return {"u": self.scores[w], "v": self.scores[w] / self.roots[w]}

    def rules(self):
        return "".join(
            f"#:has(.d{w}:checked){{{''.join(map(self._values, SIDES, self.sides(w).values()))}}}"
            for w in range(len(self.names))
        )

    def _values(self, side, x):
        """As custom properties, the heights of the histogram and the shares."""
        counts = np.histogram(x, BINS, (-self.reach, self.reach))[0]
        heights = np.round(100 * counts / counts.max()).astype(int)
        shown = percents(ranked(x))
        return "".join(
            f"--{side}{kind}{i}:{n};"
            for kind, numbers in (("h", heights), ("s", shown))
            for i, n in enumerate(numbers)
            if n
        )

    def live(self):
        says = "".join(f'<p class="on-d{w}">{html(self._says(w))}</p>' for w in self._places())
        return (
            f'<div aria-live="polite">{says}</div>'
            f'<div class="af-two">{"".join(map(self._side, SIDES))}</div>'
        )

    def _places(self):
        return range(len(self.names))

    def _side(self, side):
        columns = "".join(f"<b style=--h:var(--{side}h{i},0)></b>" for i in range(BINS))
        bars = "".join(
            f"<li style=--share:var(--{side}s{k},0)><span>{name}</span><b></b></li>"
            for k, name in enumerate(self.ranks)
        )
        ends = f"<span>−{self.reach:g}</span><span>0</span><span>{self.reach:g}</span>"
        return (
            f'<div><em>{SIDES[side]}</em><div class="af-hist" aria-hidden="true">{columns}</div>'
            f'<div class="af-ends" aria-hidden="true">{ends}</div><ol class="af-bars">{bars}</ol>'
            "</div>"
        )

    def facts(self, w):
        """For both sides, the typical size of a score and the mean of the largest share."""
        sides = self.sides(w).values()
        return [(x.std(), 100 * ranked(x)[0]) for x in sides]

    def _says(self, w):
        (size, most), (small, less) = self.facts(w)
        return (
            f"Width {self.names[w]}: the typical score is {size:.1f}, divided {small:.1f}. "
            f"On average the largest share is {most:.0f} percent, divided {less:.0f}."
        )

    def _rows(self):
        heads = ["typical score", "divided", "largest share, %", "divided"]
        rows = [[name, *_flat(self.facts(w))] for w, name in enumerate(self.names)]
        return heads, rows

    def numbers(self):
        facts = table("All queries", self._rows()[0], [("", "by width", self._rows()[1])])
        shares = (("", SIDES[side], self._shares(side)) for side in SIDES)
        return facts + table("Percent, mean of all queries", self.ranks, shares)

    def _shares(self, side):
        lines = (percents(ranked(self.sides(w)[side])) for w in self._places())
        return [[name, *map(said, line)] for name, line in zip(self.names, lines, strict=True)]

    def __repr__(self):
        return f"{plain(self.title)}\n{text_table(*self._rows())}"

    def alternative(self):
        return f"{self.title}. {self._says(self.width)}"

    def drawing(self):
        return table_picture(*self._rows())


def _ordinal(place):
    return {2: "2nd", 3: "3rd"}.get(place, f"{place}th")


def ranked(scores):
    """The mean share of the key that has most, of the second, and so on."""
    return np.sort(softmax(scores))[:, ::-1].mean(axis=0)


def _flat(facts):
    (size, most), (small, less) = facts
    return f"{size:.1f}", f"{small:.1f}", f"{most:.0f}", f"{less:.0f}"
