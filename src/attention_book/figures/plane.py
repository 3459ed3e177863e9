"""A query arrow in the plane: turn it, and see the shares and the mixture follow."""

from itertools import combinations

import numpy as np

from . import inputs
from .labels import html, plain
from .live import LiveFigure
from .numbers import number
from .pictures import table_picture
from .shares import softmax
from .tables import table, text_table

REACH = 3  # the plane shows coordinates from -3 to 3
SCALE = 50  # pixels for a unit


def plane(words, keys, values, *, query=(2, 1), **texts):
    """Keys and values of words as arrows and points of one plane, and a query that one moves.

    Shapes: keys and values (T, 2), query (2,), all between -3 and 3. The shares are softmax of the
    scaled scores. Texts: `title`, `hint` (what to try), `answer` and `name`. ValueError for others.
    """
    return Plane(words, keys, values, query).finish(**texts)


class Plane(LiveFigure):
    sheet = "live/plane.css"
    title = "Turn the query"
    hint = "bring the mixture as near to one value as you can. Which way must the arrow point?"
    script = "plane.js"

    def __init__(self, words, keys, values, query):
        self.words = inputs.texts(words, "plane: words")
        n = len(self.words)
        self.keys = _inside(keys, (n, 2), "keys")
        self.values = _inside(values, (n, 2), "values")
        self.query = _inside(query, (2,), "query")
        self.shares = softmax(self.keys @ self.query / np.sqrt(2))

    def data(self):
        arrays = {"keys": self.keys.tolist(), "values": self.values.tolist()}
        return {"words": self.words, "scale": SCALE, **arrays}

    def live(self):
        return (
            f'<div class="af-sides"><div>{_svg(self)}</div>'
            f'<div><output class="af-says" aria-live="polite"></output>{_bars(self)}'
            f'<div class="af-moves">{_range("x", self.query[0])}{_range("y", self.query[1])}</div>'
            f"</div></div>"
        )

    def numbers(self):
        return table(
            f"At q = {_point(self.query)}", ["key", "value", "share"], [("", "", _rows(self))]
        )

    def __repr__(self):
        rows = text_table(["key", "value", "share"], _rows(self))
        return f"{plain(self.title)}, at q = {_point(self.query)}\n{rows}"

    def drawing(self):
        return table_picture(["key", "value", "share"], _rows(self))


def _inside(array, shape, name):
    found = inputs.array(array, f"plane: {name}")
    if found.shape != shape or not (abs(found) <= REACH).all():
        raise ValueError(
            f"plane: {name} must have shape {shape} and numbers between -{REACH} and {REACH}, got "
            f"shape {found.shape}, up to {abs(found).max(initial=0):g}"
        )
    return found


def _rows(figure):
    rows = zip(figure.words, figure.keys, figure.values, figure.shares, strict=True)
    return [[w, _point(k), _point(v), number(s)] for w, k, v, s in rows]


def _point(place):
    return f"({', '.join(f'{x:g}' for x in place)})"


def _range(name, value):
    limits = f'min="-{REACH}" max="{REACH}" step="0.1" value="{value:g}"'
    return f'<label class="af-range">{name} of q <input type="range" {limits}></label>'


def _bars(figure):
    bars = "".join(
        f'<li style="--share:{100 * share:.1f}"><span>{html(word)}</span><b></b><em>'
        f"{100 * share:.0f} %</em></li>"
        for word, share in zip(figure.words, figure.shares, strict=True)
    )
    return f'<ol class="af-bars af-moved">{bars}</ol>'


def _svg(figure):
    half = REACH * SCALE + 12
    parts = [*_grid(), _hull(figure.values), *_points(figure), _arrows(figure)]
    return (
        f'<svg class="af-plane" viewBox="-{half} -{half} {2 * half} {2 * half}" role="img" '
        f'aria-label="{html(figure.alternative())}">{"".join(parts)}</svg>'
    )


def _at(place):
    return f"{SCALE * place[0]:.1f} {-SCALE * place[1]:.1f}"


def _grid():
    lines = "".join(f"M-150 {n}H150M{n}-150V150" for n in range(-150, 151, SCALE))
    yield f'<path class="af-net" d="{lines}"/><path class="af-cross" d="M-150 0H150M0-150V150"/>'


def _hull(values):
    """Where every mixture lies: the triangles between any three values, all drawn one way round."""
    triangles = (_one_way_round(*corners) for corners in combinations(values, 3))
    path = "".join(f"M{'L'.join(map(_at, corners))}Z" for corners in triangles)
    return f'<path class="af-hull" d="{path}"/>'


def _one_way_round(a, b, c):
    (x1, y1), (x2, y2) = b - a, c - a
    return (a, b, c) if x1 * y2 > x2 * y1 else (a, c, b)


def _points(figure):
    for word, value in zip(figure.words, figure.values, strict=True):
        yield f'<g class="value" transform="translate({_at(value)})"><path d="M-5-5h10v10h-10z"/>'
        yield f'<text y="-10">{html(word)}</text></g>'


def _arrows(figure):
    keys = "".join(
        f'<g class="key"><path d="{_arrow(key)}"/><text transform="translate({_at(_beyond(key))})">'
        f"{html(word)}</text></g>"
        for word, key in zip(figure.words, figure.keys, strict=True)
    )
    mixture = figure.shares @ figure.values
    return (
        f'{keys}<path class="af-q" d="M0 0L{_at(figure.query)}"/>'
        f'<g class="af-mix value" transform="translate({_at(mixture)})"><circle r="7"/>'
        f'<text y="22">mixture</text></g><g class="af-tip query" '
        f'transform="translate({_at(figure.query)})"><circle r="22"/><circle r="8"/>'
        f'<text y="-14">query</text></g>'
    )


def _arrow(tip):
    """From the origin to the tip, with a head as wide as 8 pixels."""
    length = np.hypot(*tip)
    if not length:
        return "M0 0"
    along = np.array(tip) / length / SCALE
    across = np.array([-along[1], along[0]])
    barbs = (tip - 9 * along + side * across for side in (4, -4))
    return f"M0 0L{_at(tip)}L{'L'.join([_at(next(barbs)), _at(tip), _at(next(barbs))])}"


def _beyond(tip):
    """Where a word stands clear of the arrow's tip, in units of the plane."""
    length = np.hypot(*tip) or 1
    return tip + np.array(tip) / length * [26, 12] / SCALE - [0, 4 / SCALE]
