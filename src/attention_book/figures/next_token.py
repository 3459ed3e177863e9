"""The next token's chances under a temperature, top-k and top-p, each turned by hand."""

import numpy as np

from . import inputs
from .choice import Choice
from .labels import html, plain
from .live import LiveFigure
from .pictures import table_picture
from .shares import percents, said, softmax
from .tables import table, text_table

COLDEST, HOTTEST = 0.1, 10
SETTINGS = [(1, None, 1), (0.5, None, 1), (2, None, 1), (1, 3, 1), (1, None, 0.5)]


def next_token(tokens, logits, texts, *, shown=9, chosen=0, **words):
    """Choose a text, and turn the temperature, top-k and top-p of the token that comes next.

    Shapes: logits (R, V), one of `tokens` for each column and one of `texts` for each row. The
    `shown` likeliest tokens have a bar each, all others share one. Logits are rounded to
    hundredths. Words: `title`, `hint` (what to try), `answer` and `name`. ValueError for other
    shapes, or where no token is left for the bar of the others.
    """
    return NextToken(tokens, logits, texts, shown, chosen).finish(**words)


class NextToken(LiveFigure):
    title = "Which token comes next"
    hint = "turn each slider to both of its ends. Which of them changes the order of the bars?"
    script = "next_token.js"
    sheet = "live/next_token.css"

    def __init__(self, tokens, logits, texts, shown=9, chosen=0):
        tokens = inputs.texts(tokens, "next_token: tokens")
        self.texts = inputs.texts(texts, "next_token: texts")
        logits = inputs.array(logits, "next_token: logits")
        if logits.shape != (len(self.texts), len(tokens)) or not 0 < shown < len(tokens):
            raise ValueError(
                f"next_token: {len(self.texts)} texts and {len(tokens)} tokens need logits of "
                f"shape {(len(self.texts), len(tokens))} and 1 to {len(tokens) - 1} shown, got "
                f"{logits.shape} and {shown}"
            )
        order = np.argsort(-logits, axis=1, kind="stable")
        falling = np.take_along_axis(logits, order, axis=1)
        self.gaps = (100 * (falling - falling[:, :1])).round().astype(int)
        self.names = [[tokens[i] for i in row[:shown]] for row in order]
        self.shown = shown
        self.chosen = inputs.place(self.texts, chosen, "next_token: chosen")

    def chances(self, row, temperature=1.0, top_k=None, top_p=1.0):
        """Of each token, the likeliest first; those that are cut have 0."""
        shares = softmax(self.gaps[row] / 100 / temperature)
        shares[len(shares) if top_k is None else top_k :] = 0
        shares /= shares.sum()
        if top_p < 1:  # the sum of all may round up to 1 before the last
            shares[shares.cumsum() - shares >= top_p] = 0
        return shares / shares.sum()

    def bars(self, row, *setting):
        """The names and chances of the tokens that have a bar, and those of all others."""
        shares = self.chances(row, *setting)
        rest = len(shares) - self.shown
        others = f"{rest:,} other{'s' * (rest > 1)}"
        return [*self.names[row], others], [*shares[: self.shown], shares[self.shown :].sum()]

    def choices(self):
        return [Choice("t", "Choose a text", self.texts, self.chosen)]

    def data(self):
        """The falls from each logit to the next one, in hundredths: short to write."""
        return {"falls": (-np.diff(self.gaps, prepend=0)).tolist(), "shown": self.shown}

    def live(self):
        rows = "".join(map(self._row, range(len(self.texts))))
        most = self.gaps.shape[1]
        return (
            f"{rows}{_range('temperature', -1, 1, 0.02, 0, '1')}"
            f"{_range('top-k', 1, self.shown + 1, 1, self.shown + 1, f'{most:,}')}"
            f"{_range('top-p', 0.02, 1, 0.02, 1, '1')}"
        )

    def _row(self, row):
        bars = "".join(
            f'<li style="--share:{100 * share:.1f}"><span>{html(name)}</span><b></b>'
            f"<em>{_percent(share)}</em></li>"
            for name, share in zip(*self.bars(row), strict=True)
        )
        return (
            f'<div class="on-t{row}"><output class="af-says" aria-live="polite"></output>'
            f'<ol class="af-bars af-moved">{bars}</ol></div>'
        )

    def _lines(self):
        return [
            (text, self.bars(row)[0], [[_said(s), *self._row_of(row, s)] for s in SETTINGS])
            for row, text in enumerate(self.texts)
        ]

    def _row_of(self, row, setting):
        return [said(p) for p in percents(np.array(self.bars(row, *setting)[1]))]

    def numbers(self):
        return "".join(
            table(f"After {text}, percent, rounded", names, [("", "At some settings", lines)])
            for text, names, lines in self._lines()
        )

    def __repr__(self):
        parts = (f"{plain(t)}, percent\n{text_table(n, lines)}" for t, n, lines in self._lines())
        return "\n\n".join([plain(self.title), *parts])

    def alternative(self):
        names, shares = self.bars(self.chosen)
        said_ = ", ".join(f"{n} {_percent(s)}" for n, s in zip(names, shares, strict=True))
        return f"{self.title} after {self.texts[self.chosen]}, at temperature 1: {said_}."

    def drawing(self):
        _, names, lines = self._lines()[self.chosen]
        return table_picture(names, lines[:1])


def _said(setting):
    temperature, top_k, top_p = setting
    return f"temperature {temperature:g}, top-k {top_k or 'all'}, top-p {top_p:g}"


def _percent(share):
    return f"{said(max(percents(np.array([share]))[0], 0))} %"


def _range(name, low, high, step, value, shown):
    return (
        f'<div class="af-moves af-range"><span aria-hidden="true">{name}</span>'
        f'<input type="range" aria-label="{name}" min="{low}" max="{high}" step="{step}" '
        f'value="{value}"><em aria-hidden="true">{shown}</em></div>'
    )
