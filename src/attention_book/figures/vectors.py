"""Vectors as rows of small bars, up for plus and down for minus, in states that one chooses."""

import numpy as np

from . import inputs, style
from .choice import Choice
from .drawing import Drawing
from .labels import html, plain, short
from .live import LiveFigure
from .pictures import LETTER
from .tables import table, text_table

KEYS = "abc"
BAR, STRIP = 10, 48  # pixels of the picture


def vectors(states, rows, choices, says, *, chosen=(), **texts):
    """Vectors that change with what one chooses, each number a bar above or below a line.

    `choices` are the groups of buttons, {legend: options}, three at most; `states` has a matrix for
    each way to choose, of shape (options of each group ..., R, C), R vectors of C numbers that
    `rows` names, and `says` a sentence for each, in the same order. In each state, the bars are as
    long as its largest number allows. `chosen` are the places at the start. Texts: `title`, `hint`
    (what to try), `answer` and `name`. ValueError for other shapes.
    """
    return Vectors(states, rows, choices, says, chosen).finish(**texts)


class Vectors(LiveFigure):
    title = "Vectors, number by number"
    hint = "go through all states. Which rows become alike?"
    script = "vectors.js"
    sheet = "live/vectors.css"
    details = "What each state says"

    def __init__(self, states, rows, choices, says, chosen=()):
        self.rows = inputs.texts(rows, "vectors: rows")
        self.legends = inputs.texts(choices, "vectors: choices")
        self.options = [inputs.texts(x, "vectors: options") for x in choices.values()]
        states = inputs.array(states, "vectors: states")
        self.says = list(says)
        counts = tuple(map(len, self.options))
        _validate(states.shape, counts, len(self.rows), len(self.says))
        self.states = states.reshape(-1, *states.shape[-2:])
        places = [*chosen, *[0] * (len(counts) - len(chosen))]
        self.places = [
            inputs.place(options, place, "vectors: chosen")
            for options, place in zip(self.options, places, strict=True)
        ]
        self.state = int(np.ravel_multi_index(self.places, counts))

    def choices(self):
        groups = zip(KEYS, self.legends, self.options, self.places, strict=False)
        return [Choice(*group) for group in groups]

    def heights(self):
        """All numbers in percent of the largest of their state, whole ones."""
        most = abs(self.states).max(axis=(1, 2), keepdims=True)
        return np.round(100 * self.states / np.where(most, most, 1)).astype(int)

    def data(self):
        states = self.heights().reshape(len(self.states), -1).tolist()
        return {"states": states, "says": self.says}

    def live(self):
        return (
            f'<output class="af-says" aria-live="polite">{html(self.says[self.state])}</output>'
            f"{strips(self.rows, self.heights()[self.state])}"
        )

    def _told(self):
        names = np.array(np.meshgrid(*self.options, indexing="ij")).reshape(len(self.options), -1)
        return [[", ".join(way), text] for way, text in zip(names.T, self.says, strict=True)]

    def numbers(self):
        return table(", ".join(self.legends), ["what it says"], [("", "", self._told())])

    def __repr__(self):
        return f"{plain(self.title)}\n{text_table(['what it says'], self._told())}"

    def alternative(self):
        chosen = (
            f"{legend}: {options[place]}"
            for legend, options, place in zip(self.legends, self.options, self.places, strict=True)
        )
        return f"{self.title}. {', '.join(chosen)}. {self.says[self.state]}"

    def drawing(self):
        return strips_picture(self.says[self.state], self.rows, self.heights()[self.state])


def strips(rows, heights):
    """One strip of bars for each row, hidden from those who hear the sentence instead."""
    lines = "".join(
        f"<span>{html(row)}</span><p>{''.join(f'<i style=--v:{v}></i>' for v in line)}</p>"
        for row, line in zip(rows, heights, strict=True)
    )
    return f'<div class="af-strips" aria-hidden="true">{lines}</div>'


def strips_picture(says, rows, heights):
    """The strips and their sentence as a picture."""
    names = list(map(short, rows))
    left = 20 + LETTER * max(map(len, names))
    across = max(left + BAR * heights.shape[1], LETTER * len(says)) + 16
    picture = Drawing(across, 40 + STRIP * len(names))
    picture.text(8, 20, says, align="left")
    for i, (name, line) in enumerate(zip(names, heights, strict=True)):
        middle = 40 + STRIP * (i + 0.5)
        picture.text(left - 10, middle, name, align="right")
        for j, height in enumerate(line * STRIP / 220):
            picture.box(
                left + BAR * j, middle - max(height, 0), BAR - 1, abs(height), style.SERIES[0]
            )
    return picture


def _validate(shape, counts, rows, says):
    if shape[:-1] != (*counts, rows) or says != np.prod(counts) or len(counts) > len(KEYS):
        raise ValueError(
            f"vectors: groups of {counts} options and {rows} rows need states of shape "
            f"{(*counts, rows, 'C')} and {np.prod(counts)} sentences, got {shape} and {says}"
        )
