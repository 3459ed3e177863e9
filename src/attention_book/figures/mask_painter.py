"""Choose who may look at whom, and see the shares that remain."""

from typing import NamedTuple

import numpy as np

from . import inputs
from .choice import Choice, ChoiceFigure
from .labels import html, plain
from .matrix import matrix_markup
from .pictures import matrix_picture
from .shares import percents, said, softmax, totals
from .tables import table, text_table


class Mask(NamedTuple):
    """A mask's name, the library's expression for it, and its array."""

    name: str
    code: str
    seen: np.ndarray


def mask_painter(words, scores=None, *, window=1, prefix=2, chosen=("causal", "none"), **texts):
    """Full, causal, window and prefix masks, each with or without padding, on one sentence.

    Shape: scores (T, T), as they go into softmax; without them all are equal. `window` and
    `prefix` are counts of words, `chosen` the names of mask and padding at the start. Texts:
    `title`, `hint` (what to try) and `name`. ValueError for scores of another shape.
    """
    return MaskPainter(words, scores, window, prefix, chosen).finish(**texts)


class MaskPainter(ChoiceFigure):
    title = "Paint a mask"
    hint = "keep the causal mask and make the first word padding. Which row sees nothing at all?"

    def __init__(self, words, scores=None, window=1, prefix=2, chosen=("causal", "none")):
        self.words = inputs.texts(words, "mask_painter: words")
        n = len(self.words)
        scores = np.zeros((n, n)) if scores is None else scores
        self.scores = inputs.array(scores, "mask_painter: scores")
        if self.scores.shape != (n, n):
            raise ValueError(
                f"mask_painter: {n} words need scores of shape {(n, n)}, got {self.scores.shape}"
            )
        self.masks, self.paddings = _masks(n, window, prefix), _paddings(n)
        names = [[mask.name for mask in group] for group in (self.masks, self.paddings)]
        self.chosen = [
            inputs.place(group, name, "mask_painter: chosen")
            for group, name in zip(names, chosen, strict=True)
        ]

    def choices(self):
        mask, padding = self.chosen
        return [
            Choice("m", "Who may look at whom", [m.name for m in self.masks], mask),
            Choice("p", "Padding", [p.name for p in self.paddings], padding),
        ]

    def state(self, m, p):
        """The expression, the mask and the percents of one choice of mask and padding."""
        mask, padding = self.masks[m], self.paddings[p]
        seen = mask.seen & padding.seen
        code = " & ".join(filter(None, (mask.code, padding.code)))
        return code, seen, percents(softmax(self.scores, seen), seen)

    def live(self):
        states = np.ndindex(len(self.masks), len(self.paddings))
        return "".join(
            f'<div class="on-m{m} on-p{p}">{_panel(self, m, p)}</div>' for m, p in states
        )

    def numbers(self):
        states = np.ndindex(len(self.masks), len(self.paddings))
        return table("Percent of each key, rounded", self.words, (_body(self, *s) for s in states))

    def __repr__(self):
        code, _, shown = self.state(*self.chosen)
        rows = [[word, *map(said, row)] for word, row in zip(self.words, shown, strict=True)]
        return f"{plain(self.title)}: {code}, percent\n{text_table(self.words, rows)}"

    def alternative(self):
        return f"{self.title}. {super().alternative()}"

    def drawing(self):
        return matrix_picture(self.state(*self.chosen)[2], self.words, self.words)


def _masks(n, window, prefix):
    causal = np.tril(np.ones((n, n), bool))
    return [
        Mask("full", f"torch.ones({n}, {n}, dtype=torch.bool)", np.ones((n, n), bool)),
        Mask("causal", f"causal_mask({n})", causal),
        Mask("window", f"window_mask({n}, {window})", np.triu(causal, -window)),
        Mask("prefix", f"prefix_mask({n}, {prefix})", causal | (np.arange(n) < prefix)),
    ]


def _paddings(n):
    code = f"padding_mask(torch.tensor([{n - 1}]), {n})"
    place = np.arange(n)
    return [
        Mask("none", "", np.ones(n, bool)),
        Mask("last word", code, place < n - 1),
        Mask("first word", f"{code}.flip(-1)", place > 0),
    ]


def _panel(figure, m, p):
    code, seen, shown = figure.state(m, p)
    blind = [w for w, row in zip(figure.words, seen, strict=True) if not row.any()]
    note = f" <b>{html(', '.join(blind))}</b> sees nothing: all weights are 0." if blind else ""
    count = f"{seen.sum()} of {seen.size} cells are open; hatched ones are masked.{note}"
    picture = matrix_markup(figure.words, figure.words, seen, values=shown)
    return f"<p><code>{html(code)}</code></p><p>{count}</p>{picture}"


def _body(figure, m, p):
    code, _, shown = figure.state(m, p)
    rows = [[word, *map(said, row)] for word, row in zip(figure.words, shown, strict=True)]
    return "", f"{code}: rows add up to {totals(shown)}", rows
