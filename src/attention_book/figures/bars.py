"""Bars that answer choices: what each way to choose makes of the same few numbers."""

from itertools import count

import numpy as np

from . import inputs
from .bar_panel import Panel
from .choice import Choice, ChoiceFigure, read
from .labels import html, plain
from .pictures import table_picture
from .tables import table, text_table

KEYS = "abc"  # of the groups of buttons


def bars(panels, choices, *, says=None, chosen=None, **texts):
    """Groups of bars that follow what one chooses, such as a word and a mask.

    `choices` are the groups of buttons, {legend: options}, three at most; `panels` the groups of
    bars, {heading: (names, values)}, values of shape (options of each group, names). Values between
    0 and 1 are shares and shown in percent; a panel with numbers below 0, down to -1, such as
    cosines, has its bars on both sides of 0. `says` has a sentence for each way to choose, `chosen`
    the places of the options at the start. Texts: `title`, `hint` (what to try), `answer` and
    `name`. ValueError for other shapes or numbers.
    """
    return Bars(panels, choices, says, chosen).finish(**texts)


class Bars(ChoiceFigure):
    classes = "af af-compared"
    sheet = "bars.css"
    title = "Choose, and see the bars follow"
    hint = "change one choice. Which bar answers most?"

    def __init__(self, panels, choices, says=None, chosen=None):
        self.options = {name: inputs.texts(all_, f"bars: {name}") for name, all_ in choices.items()}
        self.shape = _validate(tuple(map(len, self.options.values())))
        self.panels = [Panel(heading, *panel, self.shape) for heading, panel in panels.items()]
        self.chosen = tuple(chosen or (0,) * len(self.shape))
        self.says = None if says is None else np.array(says, dtype=object)
        if self.says is not None and self.says.shape != self.shape:
            raise ValueError(
                f"bars: says has shape {self.says.shape}, expected a sentence for each of "
                f"{self.shape} ways to choose"
            )

    def choices(self):
        groups = zip(KEYS, self.options.items(), self.chosen, strict=False)
        return [Choice(key, *group, chosen) for key, group, chosen in groups]

    def rules(self):
        """`--3` is the number of the fourth bar, counted through all panels."""
        return read("signed.css") + "".join(
            f"#{_checked(place)}{{{''.join(_numbers(self.panels, place))}}}"
            for place in np.ndindex(self.shape)
        )

    def live(self):
        number = count()
        panels = "".join(panel.markup(number) for panel in self.panels)
        return f'{self._sentences()}<div class="af-sides">{panels}</div>'

    def _sentences(self):
        if self.says is None:
            return ""
        lines = "".join(
            f'<p class="{_seen(place)}">{html(line)}</p>'
            for place, line in np.ndenumerate(self.says)
        )
        return f'<div class="af-told" aria-live="polite">{lines}</div>'

    def rows(self, panel):
        """For each way to choose its name and the panel's numbers, as they are shown."""
        return [[self.way(place), *panel.texts(place)] for place in np.ndindex(self.shape)]

    def way(self, place):
        return ", ".join(
            options[i] for options, i in zip(self.options.values(), place, strict=True)
        )

    def headings(self):
        """The heading of each panel, or nothing for one that stands alone."""
        return [panel.heading if len(self.panels) > 1 else "" for panel in self.panels]

    def numbers(self):
        ways = "Each way to choose"
        return "".join(
            table(heading or self.title, panel.names, [("", ways, self.rows(panel))])
            for heading, panel in zip(self.headings(), self.panels, strict=True)
        )

    def __repr__(self):
        lines = [plain(self.title)]
        for heading, panel in zip(self.headings(), self.panels, strict=True):
            lines += [plain(heading)] * bool(heading)
            lines.append(text_table(panel.names, self.rows(panel)))
        return "\n".join(lines)

    def alternative(self):
        parts = [f"{self.title}. {self.way(self.chosen)}", *self._told(), *self._panels_in_words()]
        return ". ".join(parts)

    def _told(self):
        return [] if self.says is None else [self.says[self.chosen]]

    def _panels_in_words(self):
        for panel in self.panels:
            pairs = zip(panel.names, panel.texts(self.chosen), strict=True)
            yield f"{panel.heading}: " + ", ".join(f"{name} {text}" for name, text in pairs)

    def drawing(self):
        lines = []
        for heading, panel in zip(self.headings(), self.panels, strict=True):
            lines += [[heading]] * bool(heading)
            lines += map(list, zip(panel.names, panel.texts(self.chosen), strict=True))
        return table_picture([self.way(self.chosen)], lines)


def _validate(shape):
    if not 1 <= len(shape) <= len(KEYS) or min(shape) < 2:
        raise ValueError(
            f"bars: choices must be one to {len(KEYS)} groups of two options or more, got groups "
            f"of {shape}"
        )
    return shape


def _checked(place):
    return "".join(f":has(.{key}{i}:checked)" for key, i in zip(KEYS, place, strict=False))


def _seen(place):
    return " ".join(f"on-{key}{i}" for key, i in zip(KEYS, place, strict=False))


def _numbers(panels, place):
    whole = np.concatenate([panel.whole[place] for panel in panels])
    return (f"--{i}:{x};" for i, x in enumerate(whole) if x)
