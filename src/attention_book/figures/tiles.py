"""Softmax in tiles: a running maximum, a running sum, and the output so far, one tile at a time."""

import math
from typing import NamedTuple

import numpy as np

from . import inputs
from .choice import Choice
from .labels import html, plain
from .live import LiveFigure
from .numbers import trimmed
from .pictures import table_picture
from .tables import table, text_table

COLUMNS = ["largest score", "factor", "sum"]
WAYS = ["rescaled", "left as they are"]


class State(NamedTuple):
    """What one query holds after a tile: the factor is that of this tile."""

    top: float = -math.inf
    factor: float = 0.0
    new: float = 0.0
    total: float = 0.0
    mixed: tuple = ()


def tiles(words, scores, values, names, *, tile=2, read=2, **texts):
    """Read the scores of one query tile by tile; the sum and the output so far follow.

    Shapes: scores (T,), values (T, D) between 0 and 1, `names` of the D features. `tile` is how
    many words a tile has at the start, `read` how many tiles are read. Texts: `title`, `hint` (what
    to try), `answer` and `name`. ValueError where shapes and names do not fit.
    """
    return Tiles(words, scores, values, names, tile, read).finish(**texts)


class Tiles(LiveFigure):
    title = "Softmax, one tile at a time"
    hint = "read all tiles, then leave the sum and the output as they are. What goes wrong?"
    script = "tiles.js"
    sheet = "live/tiles.css"

    def __init__(self, words, scores, values, names, tile=2, read=2):
        self.words = inputs.texts(words, "tiles: words")
        self.names = inputs.texts(names, "tiles: names")
        self.scores = inputs.array(scores, "tiles: scores")
        self.values = inputs.array(values, "tiles: values")
        n, shape = len(self.words), (len(self.words), len(self.names))
        if self.scores.shape != (n,) or self.values.shape != shape:
            raise ValueError(
                f"tiles: {n} words and {shape[1]} names need scores of shape {(n,)} and values of "
                f"{shape}, got {self.scores.shape} and {self.values.shape}"
            )
        if not ((self.values >= 0) & (self.values <= 1)).all() or not 1 <= tile <= n:
            raise ValueError(f"tiles: values must lie between 0 and 1, and tile from 1 to {n}")
        self.tile = tile
        self.read = inputs.place(range(math.ceil(n / tile) + 1), read, "tiles: read")

    def states(self, tile, rescale=True):
        """The state before the first tile, and after each."""
        state = State(mixed=(0.0,) * len(self.names))
        yield state
        for start in range(0, len(self.scores), tile):
            part = slice(start, start + tile)
            state = _after(state, self.scores[part], self.values[part], rescale)
            yield state

    def choices(self):
        return [Choice("r", "The sum and the output so far are", WAYS)]

    def data(self):
        return {"scores": self.scores.tolist(), "values": self.values.tolist()}

    def live(self):
        n = len(self.words)
        words = zip(self.words, self.scores, strict=True)
        cells = "".join(
            f'<li class="{self._when(i)}"><span>{html(word)}</span><b>{trimmed(score)}</b></li>'
            for i, (word, score) in enumerate(words)
        )
        whole = list(self.states(n))[-1]
        bars = "".join(
            f'<li style="--share:{100 * x:.2f}"><span>{html(name)}</span><b>'
            f"<u style=left:{100 * y / whole.total:.2f}%></u></b><em>{trimmed(x)}</em></li>"
            for name, x, y in zip(self.names, self._output(), whole.mixed, strict=True)
        )
        tiles_ = math.ceil(n / self.tile)
        return (
            f'<div class="af-moves">{_range("words in a tile", 1, n, self.tile)}'
            f'{_range("tiles read", 0, tiles_, self.read)}</div><ol class="af-tiles">{cells}</ol>'
            f'<p class="af-sum">{html(self.sentence())}</p><p>The output so far, and a mark where '
            f'softmax over all words has it</p><ol class="af-bars af-moved af-out">{bars}</ol>'
            '<output class="af-says" aria-live="polite"></output>'
        )

    def _when(self, i):
        here = i // self.tile
        when = "gone" if here < self.read - 1 else "now" if here == self.read - 1 else "later"
        return when + " last" * ((i + 1) % self.tile == 0)

    def _output(self):
        state = list(self.states(self.tile))[self.read]
        return [x / state.total if state.total else 0 for x in state.mixed]

    def sentence(self):
        """The arithmetic of the last tile that was read."""
        states = list(self.states(self.tile))
        if not self.read:
            return "Nothing is read yet: the sum is 0."
        before, state = states[self.read - 1 : self.read + 1]
        if self.read == 1:
            return f"Largest score {trimmed(state.top)}. Sum {trimmed(state.total)}."
        return (
            f"Largest score {trimmed(before.top)}, now {trimmed(state.top)}: factor "
            f"e^({trimmed(before.top)} − {trimmed(state.top)}) = {trimmed(state.factor)}. "
            f"Sum {trimmed(state.factor)} · {trimmed(before.total)} + {trimmed(state.new)} = "
            f"{trimmed(state.total)}."
        )

    def _rows(self):
        for i, state in enumerate(self.states(self.tile)):
            if i:
                words = self.words[(i - 1) * self.tile : i * self.tile]
                output = (x / state.total for x in state.mixed)
                numbers = [state.top, state.factor, state.total, *output]
                yield [" ".join(words), *map(trimmed, numbers)]

    def columns(self):
        return [*COLUMNS, *self.names]

    def numbers(self):
        bodies = [("", f"{self.tile} words in a tile, rescaled", list(self._rows()))]
        return table("After each tile", self.columns(), bodies)

    def __repr__(self):
        return f"{plain(self.title)}\n{text_table(self.columns(), list(self._rows()))}"

    def alternative(self):
        pairs = zip(self.names, map(trimmed, self._output()), strict=True)
        output = ", ".join(f"{name} {x}" for name, x in pairs)
        said = f"{self.read} tiles of {self.tile} words read. {self.sentence()}"
        return f"{self.title}. {said} Output so far: {output}."

    def drawing(self):
        return table_picture(self.columns(), list(self._rows()))


def _after(state, scores, values, rescale):
    top = max(state.top, scores.max())
    factor = 0.0 if state.top == -math.inf else math.exp(state.top - top) if rescale else 1.0
    powers = np.exp(scores - top)
    mixed = tuple(factor * np.array(state.mixed) + powers @ values)
    return State(top, factor, powers.sum(), factor * state.total + powers.sum(), mixed)


def _range(name, least, most, value):
    limits = f'min="{least}" max="{most}" value="{value}"'
    return (
        f'<label class="af-range"><span>{name}</span><input type="range" {limits}><em>{value}</em>'
        "</label>"
    )
