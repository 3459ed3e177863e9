"""Parts that one switches off and on, and what is left of each skill: an ablation by hand."""

from itertools import product

from . import inputs
from .choice import ChoiceFigure
from .labels import html, plain
from .pictures import table_picture
from .shares import percents, said, weights_of
from .tables import table, text_table

MOST = 5  # parts; each has two states


def switches(parts, skills, shares, *, off=(), floor=None, **texts):
    """A switch for each part of a model, and how much of each skill the parts that are on have.

    Shape: shares (2,) * P + (S,), between 0 and 1, for P parts, at most 5, each off (0) or on (1),
    and S skills. All but those named `off` are on at the start. `floor`, such as the share that
    guessing gets right, is marked. Texts: `title`, `hint` (what to try), `answer` and `name`.
    ValueError for another shape.
    """
    return Switches(parts, skills, shares, off, floor).finish(**texts)


class Switches(ChoiceFigure):
    title = "Switch a part off"
    hint = "switch the parts off one by one. Which skill goes with which part?"
    sheet = "switches.css"
    untouched = "Run this cell to switch."

    def __init__(self, parts, skills, shares, off=(), floor=None):
        self.parts = inputs.texts(parts, "switches: parts")
        self.skills = inputs.texts(skills, "switches: skills")
        self.shares, self.floor = weights_of(shares, "switches"), floor
        shape = (2,) * len(self.parts) + (len(self.skills),)
        if self.shares.shape != shape or len(self.parts) > MOST:
            raise ValueError(
                f"switches: {len(self.parts)} parts, at most {MOST}, and {len(self.skills)} skills "
                f"need shares of shape {shape}, got {self.shares.shape}"
            )
        self.percents = percents(self.shares)
        off = {inputs.place(self.parts, part, "switches: off") for part in off}
        self.start = tuple(int(p not in off) for p in range(len(self.parts)))

    def states(self):
        """All ways to have the parts off and on, beginning with all of them."""
        return product([1, 0], repeat=len(self.parts))

    def rules(self):
        return "".join(map(self._rule, self.states()))

    def _rule(self, state):
        checked = [":checked" if s else ":not(:checked)" for s in state]
        on = "".join(f":has(.x{p}{c})" for p, c in enumerate(checked))
        values = "".join(f"--s{i}:{n};" for i, n in enumerate(self.percents[state]))
        return f"#{on}{{{values}}}"

    def live(self):
        labels = "".join(
            f'<label><input type="checkbox" class="x{p}"{" checked" * on}>{html(part)}</label>'
            for p, (part, on) in enumerate(zip(self.parts, self.start, strict=True))
        )
        mark = "" if self.floor is None else f"<u style=left:{100 * self.floor:g}%></u>"
        bars = "".join(
            f"<li style=--share:var(--s{i})><span>{html(skill)}</span><b>{mark}</b></li>"
            for i, skill in enumerate(self.skills)
        )
        return (
            f'<div class="af-switches" role="group" aria-label="Parts that work">{labels}</div>'
            f'<ol class="af-bars">{bars}</ol>'
        )

    def _rows(self):
        return map(self._row, self.states())

    def _row(self, state):
        on = [part for part, s in zip(self.parts, state, strict=True) if s]
        return [", ".join(on) or "none", *map(said, self.percents[state])]

    def numbers(self):
        return table("Percent, rounded", self.skills, [("", "With these parts on", self._rows())])

    def __repr__(self):
        return f"{plain(self.title)}, percent\n{text_table(self.skills, self._rows())}"

    def alternative(self):
        name, *shares = self._row(self.start)
        skills = zip(self.skills, shares, strict=True)
        return f"{self.title}. With {name}: {', '.join(f'{s} {n} percent' for s, n in skills)}."

    def drawing(self):
        every = (1,) * len(self.parts)
        lacking = [(*every[:p], 0, *every[p + 1 :]) for p in range(len(self.parts))]
        return table_picture(self.skills, [self._row(state) for state in [every, *lacking]])
