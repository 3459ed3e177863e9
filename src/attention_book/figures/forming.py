"""Heads that form: move through a training, and see what each head has learned to look at."""

import numpy as np

from . import inputs
from .labels import html, plain
from .live import LiveFigure
from .matrix import CORNER
from .pictures import matrix_picture
from .shares import percents, weights_of
from .tables import table, text_table

MOST = 24  # tokens; smaller cells would not be seen on a phone


def forming(steps, right, heads, marks, tokens, *, step=-1, **texts):
    """A slider over the saved steps of a training: patterns of heads, and what they are good for.

    `steps` (S,) rise, `right` (S,) are shares of right answers; `heads` are patterns by their
    names, (S, T, T) and causal, at most 24 `tokens`; `marks`, by the same names, bool (T, T), frame
    the cells whose mean weight is the head's score. `step` is the place of the step at the start.
    Texts: `title`, `hint` (what to try), `answer` and `name`. ValueError for other shapes.
    """
    return Forming(steps, right, heads, marks, tokens, step).finish(**texts)


class Forming(LiveFigure):
    title = "Heads form"
    hint = "move through the steps. Which head is ready first, and when do the answers come right?"
    classes = "af af-scripted af-forming"
    script = "forming.js"
    sheet = "live/forming.css"

    def __init__(self, steps, right, heads, marks, tokens, step=-1):
        self.steps = [int(n) for n in inputs.array(steps, "forming: steps")]
        self.tokens = inputs.texts(tokens, "forming: tokens")
        self.names = inputs.texts(heads, "forming: heads")
        self.right = weights_of(right, "forming: right")
        self.heads = [weights_of(x, "forming") for x in heads.values()]
        self.marks = [np.asarray(inputs.plain(marks[name])) for name in heads if name in marks]
        _validate(self)
        self.start = inputs.place(self.steps, step, "forming: step")
        self.scores = [x[:, m].mean(1) for x, m in zip(self.heads, self.marks, strict=True)]
        self.seen = np.tri(len(self.tokens), dtype=bool)

    def rules(self):
        return "".join(
            f"#.af-forming .p{p} .r{i} i:nth-of-type({j + 1}){{--ring:1}}"
            for p, marks in enumerate(self.marks)
            for i, j in np.argwhere(marks)
        )

    def data(self):
        cells = [np.maximum(percents(x), 0)[:, self.seen].tolist() for x in self.heads]
        return {"steps": self.steps, "says": self._lines(), "cells": cells}

    def _lines(self):
        return [self.says(s) for s in range(len(self.steps))]

    def says(self, s):
        """What is known at saved step s."""
        row = [f"{name} {_percent(score[s])}" for name, score in self._scored()]
        return (
            f"Step {self.steps[s]}: {_percent(self.right[s])} right. In frames: {', '.join(row)}."
        )

    def _scored(self):
        return zip(self.names, self.scores, strict=True)

    def live(self):
        last = len(self.steps) - 1
        panels = "".join(map(self._panel, range(len(self.heads))))
        return (
            f'<label class="af-moves af-range">step <input type="range" min="0" max="{last}" '
            f'step="1" value="{self.start}" aria-valuetext="{self.steps[self.start]}"></label>'
            f'<output class="af-says" aria-live="polite">{html(self.says(self.start))}</output>'
            f'<div class="af-sides">{panels}</div>'
        )

    def _panel(self, p):
        values, count = np.maximum(percents(self.heads[p][self.start]), 0), len(self.tokens)
        keys = "".join(f"<span>{html(token)}</span>" for token in self.tokens)
        rows = "".join(
            f'<div class="af-row r{i}"><span>{html(token)}</span>{_cells(values[i, : i + 1])}'
            f"{_future(count - i - 1)}</div>"
            for i, token in enumerate(self.tokens)
        )
        return (
            f'<div class="p{p}"><p><b>{html(self.names[p])}</b></p><div class="af-matrix af-fine" '
            f'style="--columns:{count}" aria-hidden="true"><div class="af-row af-top">{CORNER}'
            f"{keys}</div>{rows}</div></div>"
        )

    def _rows(self):
        for s, step in enumerate(self.steps):
            row = [_percent(score[s]) for score in self.scores]
            yield [f"step {step}", _percent(self.right[s]), *row]

    def numbers(self):
        columns = ["right", *self.names]
        return table("Right answers, and weight in the frames", columns, [("", "", self._rows())])

    def __repr__(self):
        return f"{plain(self.title)}\n{text_table(['right', *self.names], list(self._rows()))}"

    def alternative(self):
        return f"{self.title}. {self.says(self.start)}"

    def drawing(self):
        shares = percents(self.heads[-1][self.start], self.seen)
        return matrix_picture(shares, self.tokens, self.tokens, cell=18)


def _cells(row):
    return "".join(f"<i style=--share:{n}></i>" if n else "<i></i>" for n in row)


def _future(count):
    """What a row may not see, in one piece."""
    return f'<i class=no style="grid-column:span {count}"></i>' if count else ""


def _percent(share):
    return f"{100 * share:.0f} %"


def _validate(figure):
    count, many = len(figure.steps), len(figure.tokens)
    wanted = (count, many, many)
    shapes = [x.shape for x in figure.heads]
    marks = [(m.shape, m.dtype == bool and bool(m.any())) for m in figure.marks]
    if (
        set(shapes) != {wanted}
        or figure.right.shape != (count,)
        or marks != [((many, many), True)] * len(shapes)
        or many > MOST
    ):
        raise ValueError(
            f"forming: {count} steps and {many} tokens, at most {MOST}, need patterns of shape "
            f"{wanted}, bool marks of {wanted[1:]} for each and {count} shares, got {shapes}, "
            f"{[shape for shape, _ in marks]} and {figure.right.shape}"
        )
    if any(np.triu(x, 1).any() for x in figure.heads) or np.any(np.diff(figure.steps) <= 0):
        raise ValueError("forming: patterns must be causal, and steps must rise")
