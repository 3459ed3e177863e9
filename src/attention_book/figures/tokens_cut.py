"""Merge by merge, a text is cut into fewer and longer tokens."""

from . import inputs
from .choice import Choice, ChoiceFigure
from .labels import SPACE, html, plain
from .pictures import table_picture
from .tables import table, text_table


def tokens_cut(cuts, *, chosen=-1, **texts):
    """One text in several cuts, from the finest to the coarsest; new tokens are marked.

    `cuts` are lists of tokens, after 0, 1, 2 … merges. `chosen` is the cut at the start. Texts:
    `title`, `hint` (what to try) and `name`. ValueError unless all cuts join to the same text.
    """
    return TokensCut(cuts, chosen).finish(**texts)


class TokensCut(ChoiceFigure):
    sheet = "tokens_cut.css"
    title = "Merges cut the text"
    hint = "go back to 0 merges and choose the pair that you would merge first. Then step on."

    def __init__(self, cuts, chosen=-1):
        self.cuts = [list(cut) for cut in cuts]
        if len({"".join(cut) for cut in self.cuts}) != 1:
            raise ValueError("tokens_cut: all cuts must join to the same text, one text at least")
        self.chosen = inputs.place(self.cuts, chosen, "tokens_cut: chosen")

    def choices(self):
        return [Choice("m", "Merges", list(range(len(self.cuts))), self.chosen)]

    def live(self):
        return "".join(f'<div class="on-m{m}">{_panel(self, m)}</div>' for m in self._all())

    def numbers(self):
        rows = [[m, len(self.cuts[m]), self.new(m), _joined(self.cuts[m])] for m in self._all()]
        return table("Each number of merges", COLUMNS, [("", "Spaces are ␣", rows)])

    def __repr__(self):
        rows = [[m, len(self.cuts[m]), self.new(m), _joined(self.cuts[m])] for m in self._all()]
        return f"{plain(self.title)}\n{text_table(COLUMNS, rows)}"

    def alternative(self):
        cut = self.cuts[self.chosen]
        return f"{self.title}. {self.chosen} merges, {len(cut)} tokens: {_joined(cut)}"

    def drawing(self):
        rows = [[m, len(self.cuts[m]), self.new(m), _joined(self.cuts[m])] for m in self._all()]
        return table_picture(COLUMNS, rows)

    def new(self, m):
        """The token that merge `m` made, or nothing."""
        known = set(self.cuts[m - 1]) if m else set(self.cuts[0])
        return next((_seen(token) for token in self.cuts[m] if token not in known), "")

    def _all(self):
        return range(len(self.cuts))


COLUMNS = ["tokens", "new", "cut"]


def _seen(token):
    return token.replace(" ", SPACE)


def _joined(cut):
    return " | ".join(map(_seen, cut))


def _panel(figure, m):
    new = figure.new(m)
    tokens = "".join(
        f'<li class="{"af-new" if _seen(token) == new else "af-box"}">{html(_seen(token))}</li>'
        for token in figure.cuts[m]
    )
    made = f' The new token is <b class="af-new">{html(new)}</b>.' if new else ""
    count = len(figure.cuts[m])
    return f'<p>{m} merges leave {count} tokens.{made}</p><ol class="af-tokens">{tokens}</ol>'
