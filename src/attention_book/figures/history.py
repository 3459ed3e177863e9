"""A training as curves: what fell and what rose while the model learned."""

from itertools import cycle

import numpy as np
from matplotlib.figure import Figure

from . import inputs, style
from .labels import plain
from .picture import Picture

LOOKS = [*zip(style.SERIES, ("-", "--", ":"), "os^", strict=True)]


def history(steps, curves, *, title=None):
    """Curves over the steps of a training, by name: {"loss": […], "accuracy": […]}.

    ValueError for a curve that has not one value for each step.
    """
    return History(steps, curves, title)


class History(Picture):
    def __init__(self, steps, curves, title=None):
        self.steps = np.asarray(inputs.plain(list(steps))).tolist()
        if not self.steps:
            raise ValueError("history: steps are empty, expected at least one")
        self.curves = {n: inputs.array(c, f"history: {n!r}") for n, c in curves.items()}
        self.title = title
        for name, curve in self.curves.items():
            if curve.shape != (len(self.steps),):
                raise ValueError(
                    f"history: {len(self.steps)} steps need {len(self.steps)} values of "
                    f"{name!r}, got shape {curve.shape}"
                )

    def figure(self):
        figure = Figure(figsize=(6, 2.8), layout="constrained")
        axes = figure.subplots()
        for (name, curve), look in zip(self.curves.items(), cycle(LOOKS), strict=False):
            color, line, marker = look
            axes.plot(self.steps, curve, line, color=color, marker=marker, markevery=0.1)
            end = (self.steps[-1], curve[-1])
            place = {"xytext": (6, 0), "textcoords": "offset points", "va": "center"}
            axes.annotate(style.label(name), end, color=color, parse_math=False, **place)
        axes.set_xlabel("step", color=style.INK)
        axes.set_ylim(bottom=0)
        if self.title:
            axes.set_title(style.label(self.title), parse_math=False)
        return figure

    def __repr__(self):
        lines = (
            f"{plain(name)}: {curve[0]:.2f} at step {self.steps[0]}, "
            f"{curve[-1]:.2f} at step {self.steps[-1]}"
            for name, curve in self.curves.items()
        )
        return "\n".join(lines)
