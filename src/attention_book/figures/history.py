"""A training as curves: what fell and what rose while the model learned."""

from itertools import cycle

import numpy as np
from matplotlib.figure import Figure

from . import inputs, style
from .labels import plain
from .picture import Picture

LINES = 11  # of text fit beside the curves, one above the other
LOOKS = [*zip(style.SERIES, ("-", "--", ":"), "os^", strict=True)]


def history(steps, curves, *, title=None, lowest=0):
    """Curves over the steps of a training, by name: {"loss": […], "accuracy": […]}.

    The vertical axis begins at `lowest`: say so in the caption if that is not 0. ValueError for a
    curve that has not one value for each step.
    """
    return History(steps, curves, title, lowest)


class History(Picture):
    def __init__(self, steps, curves, title=None, lowest=0):
        self.steps = np.asarray(inputs.plain(list(steps))).tolist()
        if not self.steps:
            raise ValueError("history: steps are empty, expected at least one")
        self.curves = {n: inputs.array(c, f"history: {n!r}") for n, c in curves.items()}
        self.title, self.lowest = title, lowest
        for name, curve in self.curves.items():
            if curve.shape != (len(self.steps),):
                raise ValueError(
                    f"history: {len(self.steps)} steps need {len(self.steps)} values of "
                    f"{name!r}, got shape {curve.shape}"
                )

    def figure(self):
        figure = Figure(figsize=(6, 2.8), layout="constrained")
        axes = figure.subplots()
        looks = dict(zip(self.curves, cycle(LOOKS), strict=False))
        for name, (color, line, marker) in looks.items():
            drawn = {"color": color, "marker": marker, "markevery": 0.1, "clip_on": False}
            axes.plot(self.steps, self.curves[name], line, **drawn)
        axes.set_xlabel("step", color=style.INK)
        axes.set_ylim(bottom=self.lowest)
        place = {"xytext": (6, 0), "textcoords": "offset points", "va": "center"}
        for name, height in self._heights(axes.get_ylim()).items():
            end, color = (self.steps[-1], height), looks[name][0]
            axes.annotate(style.label(name), end, color=color, parse_math=False, **place)
        if self.title:
            axes.set_title(style.label(self.title), parse_math=False)
        return figure

    def _heights(self, limits):
        """Where the names stand: at the ends of their curves, or a line above the name below."""
        line, height, heights = (limits[1] - limits[0]) / LINES, -np.inf, {}
        for name in sorted(self.curves, key=lambda name: self.curves[name][-1]):
            height = max(self.curves[name][-1], height + line)
            heights[name] = height
        return heights

    def __repr__(self):
        lines = (
            f"{plain(name)}: {curve[0]:.2f} at step {self.steps[0]}, "
            f"{curve[-1]:.2f} at step {self.steps[-1]}"
            for name, curve in self.curves.items()
        )
        return "\n".join(lines)
