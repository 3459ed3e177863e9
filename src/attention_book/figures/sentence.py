"""A sentence whose words one touches: curves rise from the chosen word to those it takes from."""

from typing import NamedTuple

from . import inputs
from .choice import ID, ChoiceFigure, identity
from .fonts import text_width
from .labels import html, plain, short
from .pictures import matrix_picture
from .shares import mask_of, percents, said, totals, weights_of
from .tables import table, text_table

LEAST = 3  # percent; a curve for less would not be seen
HIGH, NARROWEST = 44, 24  # pixels that a finger needs


def sentence(words, weights, *, rest="", mask=None, word=-1, **texts):
    """A sentence as it is read; the chosen word shows how much it takes from each of the others.

    Shapes: weights (T, T) between 0 and 1; mask bool (T, T), True = may attend. `rest` is how the
    sentence goes on, in words that have no weights. `word` (or its place) is chosen at the start.
    Texts: `title`, `hint` (what to try) and `name`. ValueError where words and shape do not fit.
    """
    return Sentence(words, weights, rest, mask, word).finish(**texts)


class Layout(NamedTuple):
    """Where words stand on one width of page, in pixels."""

    name: str
    width: int
    size: int  # of the type
    pad: int  # beside a word
    lead: int  # from line to line

    def boxes(self, words, count):
        """For each word the left and upper edge and the width of its box.

        The lines without any of the first `count` words need no room for curves.
        """
        x, y = 0, self.lead
        for i, word in enumerate(words):
            wide = max(text_width(short(word), self.size) + 2 * self.pad, NARROWEST)
            if x + wide > self.width:
                x, y = 0, y + (self.lead if i < count else HIGH)
            yield x, y, wide
            x += wide


LAYOUTS = [Layout("wide", 656, 26, 5, 96), Layout("narrow", 311, 20, 4, 84)]


class Sentence(ChoiceFigure):
    sheet = "sentence.css"
    title = "Where each word looks"
    hint = "choose another word. Which one knows what it looks for?"

    def __init__(self, words, weights, rest="", mask=None, word=-1):
        self.words = inputs.texts(words, "sentence: words")
        self.rest = rest.split()
        self.weights = weights_of(weights, "sentence")
        n = len(self.words)
        if self.weights.shape != (n, n):
            raise ValueError(
                f"sentence: {n} words need weights of shape {(n, n)}, got {self.weights.shape}"
            )
        self.percents = percents(self.weights, mask_of(mask, (n, n), "sentence"))
        self.word = inputs.place(self.words, word, "sentence: word")

    def rules(self):
        return "".join(self._rule(i, row) for i, row in enumerate(self.percents))

    def _rule(self, i, row):
        shares = "".join(
            f"#{_chosen(i)} .af-t{j}{{--share:{share}}}" for j, share in enumerate(row) if share > 0
        )
        return (
            f"#{_chosen(i)} .af-c{i}{{opacity:1}}{shares}"
            f"#:has(.q{i}:checked) .af-t{i}{{--chosen:1}}"
            f"#:has(.q{i}:focus-visible) .af-t{i}{{outline:3px solid var(--ink)}}"
        )

    def live(self):
        radios = "".join(
            f'<input type="radio" id="{identity("q", i)}" class="q{i}" name="{ID}-q" '
            f'aria-label="{html(word)}"{" checked" if i == self.word else ""}>'
            for i, word in enumerate(self.words)
        )
        stages = "".join(_stage(self, layout) for layout in LAYOUTS)
        return (
            f'<fieldset class="af-said"><legend>Choose a word</legend>{radios}{stages}</fieldset>'
        )

    def numbers(self):
        rows = [[w, *map(said, row)] for w, row in zip(self.words, self.percents, strict=True)]
        body = ("", f"Rows add up to {totals(self.percents)}", rows)
        return table('Percent, rounded; "<1" is more than nothing', self.words, [body])

    def __repr__(self):
        rows = [[w, *map(said, row)] for w, row in zip(self.words, self.percents, strict=True)]
        return f"{plain(self.title)}: each row in percent\n{text_table(self.words, rows)}"

    def alternative(self):
        row = zip(self.words, self.percents[self.word], strict=True)
        shares = ", ".join(f"{w} {said(p)}" for w, p in row if p >= LEAST)
        return f"{' '.join(self.words)}. In percent, {self.words[self.word]} takes: {shares}."

    def drawing(self):
        return matrix_picture(self.percents, self.words, self.words)


def _chosen(i):
    """A word under the pointer goes before the one that is checked."""
    return f":is(:has(.af-t{i}:hover),:not(:has(.af-t:hover)):has(.q{i}:checked))"


def _stage(figure, layout):
    words = [*figure.words, *figure.rest]
    boxes = list(layout.boxes(words, len(figure.words)))
    high = boxes[-1][1] + HIGH + layout.size
    curves = "".join(
        f'<g class="af-c{i}">{_curves(boxes, i, row)}</g>' for i, row in enumerate(figure.percents)
    )
    said = "".join(
        _word(layout, high, word, box, i if i < len(figure.words) else None)
        for i, (word, box) in enumerate(zip(words, boxes, strict=True))
    )
    size = f"{layout.width} {high:.0f}"
    return (
        f'<div class="af-stage af-{layout.name}" style="aspect-ratio:{size.replace(" ", "/")}">'
        f'<svg viewBox="0 0 {size}" aria-hidden="true">{curves}</svg>{said}</div>'
    )


def _curves(boxes, i, row):
    return "".join(
        f'<path d="{_curve(boxes[i], boxes[j])}" style="--share:{share}"/>'
        for j, share in enumerate(row)
        if share >= LEAST and i != j
    )


def _curve(start, end):
    """Over a line from top to top, higher where words stand far apart; else from line to line."""
    (x1, y1, wide1), (x2, y2, wide2) = start, end
    x1, x2 = x1 + wide1 / 2, x2 + wide2 / 2
    if y1 == y2:
        bend = -(14 + 0.17 * abs(x1 - x2))
        return f"M{x1:.0f} {y1}C{x1:.0f} {y1 + bend:.0f} {x2:.0f} {y2 + bend:.0f} {x2:.0f} {y2}"
    y1, y2 = (y1, y2 + HIGH + 14) if y1 > y2 else (y1 + HIGH + 14, y2)
    middle = (y1 + y2) / 2
    return f"M{x1:.0f} {y1:.0f}C{x1:.0f} {middle:.0f} {x2:.0f} {middle:.0f} {x2:.0f} {y2:.0f}"


def _word(layout, high, word, box, i):
    x, y, wide = box
    place = (
        f"left:{100 * x / layout.width:.2f}%;top:{100 * y / high:.2f}%;"
        f"width:{100 * wide / layout.width:.2f}%;height:{100 * HIGH / high:.2f}%"
    )
    letters = (
        f'<svg viewBox="0 0 {wide:.1f} {HIGH}" aria-hidden="true"><text x="{wide / 2:.1f}" '
        f'y="{HIGH / 2 + 0.32 * layout.size:.1f}" font-size="{layout.size}">{html(short(word))}'
        f"</text></svg>"
    )
    if i is None:
        return f'<span class="af-rest" style="{place}">{letters}</span>'
    label = f'<label for="{identity("q", i)}" class="af-t af-t{i}" style="{place}">'
    return f"{label}{letters}<b></b></label>"
