"""What training has reached, step by step, as numbers and as a picture."""

from statistics import fmean


class History:
    """The loss of every step, and the score of every evaluation by the step it followed.

    Displays as curves, or as a table with two decimals where there is no picture; there a loss is
    the mean since the line before. The score is what `evaluate` gave, for a task the share of
    held-out answers that are right.
    """

    def __init__(self, losses=(), scores=()):
        self.losses = list(losses)
        self.scores = dict(scores)

    def __repr__(self):
        lines = [f"{'step':>6}{'loss':>7}" + f"{'score':>7}" * bool(self.scores)]
        before = 0
        for step in sorted({*self.scores, len(self.losses)} - {0}):
            score = f"{self.scores[step]:7.2f}" if step in self.scores else ""
            lines.append(f"{step:6}{fmean(self.losses[before:step]):7.2f}{score}")
            before = step
        return "\n".join(lines)

    def figure(self):
        """The curves, on paper as wide as a page."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(6, 2.6), layout="constrained")
        left, *right = figure.subplots(1, 2 if self.scores else 1, squeeze=False)[0]
        _curve(left, "loss", range(1, len(self.losses) + 1), self.losses)
        for axes in right:
            _curve(axes, "score", *zip(*sorted(self.scores.items()), strict=True), marker="o")
        return figure

    def _repr_png_(self):
        """The curves, where the extra "figures" is there to draw them."""
        try:
            from ..figures.picture import png
        except ModuleNotFoundError:
            return None
        return png(self.figure)


def _curve(axes, name, steps, values, **look):
    from ..figures import style

    axes.plot(steps, values, color=style.SERIES[0], markersize=4, **look)
    axes.set_xlabel("step", color=style.INK)
    axes.set_ylabel(name, color=style.INK)
    axes.set_ylim(0, max(1.0, *values) * 1.05 if name == "score" else None)
    axes.spines[["top", "right"]].set_visible(False)
