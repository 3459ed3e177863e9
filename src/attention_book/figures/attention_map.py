"""Choose a head and a word, and see where it looks: its row as bars, and within the matrix."""

from string import ascii_letters

import numpy as np

from . import inputs
from .choice import Choice, ChoiceFigure
from .labels import html, plain
from .matrix import column_rules, matrix_markup, touched
from .pictures import matrix_picture
from .shares import mask_of, percents, said, totals, weights_of
from .tables import table, text_table

CHOSEN = "outline:3px solid var(--ink);z-index:1;font-weight:700"


def attention_map(
    weights, words, keys=None, *, heads=None, mask=None, word=-1, head=0, kind="word", **texts
):
    """Where each word looks: choose a head and a word, see its row and the whole matrix.

    Shapes: weights (Tq, Tk) or (H, Tq, Tk) between 0 and 1; mask bool (Tq, Tk), True = may attend.
    `words` name the queries, `keys` the keys where they differ, `heads` the heads. With several
    heads their average is the last choice. `word` (or its place) and the place `head` are chosen
    at the start; `kind` says what the queries are, such as "digit".
    Texts: `title`, `hint` (what to try), `answer`, and `name` (tells apart two figures with one
    content). Percents are rounded; "<1" is more than nothing. ValueError where labels and shapes
    do not fit.
    """
    keys = words if keys is None else keys
    return AttentionMap(weights, words, keys, heads, mask, word, head, kind).finish(**texts)


class AttentionMap(ChoiceFigure):
    title = "Where each word looks"
    hint = "choose another word. Which one spreads its attention widest, which one narrowest?"

    def __init__(self, weights, queries, keys, heads=None, mask=None, word=-1, head=0, kind="word"):
        self.kind = kind
        self.queries = inputs.texts(queries, "attention_map: words")
        self.keys = inputs.texts(keys, "attention_map: keys")
        self.weights = _validate(weights_of(weights, "attention_map"), self.queries, self.keys)
        self.mask = mask_of(mask, self.weights.shape[1:], "attention_map")
        self.percents = percents(_with_average(self.weights), self.mask)
        self.heads = _names(heads, len(self.weights))
        self.word = inputs.place(self.queries, word, "attention_map: word")
        self.head = inputs.place(self.heads, head, "attention_map: head")

    def choices(self):
        return [
            Choice("h", "Head", self.heads, self.head),
            Choice("q", f"Choose a {self.kind}", self.queries, self.word),
        ]

    def rules(self):
        """`--d` is the percent of cell 3 in the chosen head; `--1` that of key 1, in each row of
        the matrix for itself and in the figure for the chosen word."""
        names = [_short(n) for n in range(self.mask.size)]
        rows = [_row(line) for line in np.reshape(names, self.mask.shape)]
        rules = [f"#{{{rows[self.word]}}}"]
        for h, matrix in enumerate(self.percents):
            chosen = f":has(.h{h}:checked)" if len(self.heads) > 1 else ""
            rules.append(f"#{chosen}{{{_set(names, matrix.ravel())}}}")
        for i, row in enumerate(rows):
            rules.append(f"# .r{i},#{touched('q', i)}{{{row}& .w{i}{{display:inline}}}}")
            rules.append(f"#:has(.q{i}:checked) .r{i}{{{CHOSEN}}}")
        columns = range(len(self.keys))
        rules += [f"# i:nth-of-type({j + 1}){{--share:var(--{j},0)}}" for j in columns]
        return "".join(rules) + column_rules(len(self.keys))

    def live(self):
        picture = matrix_markup(self.queries, self.keys, self.mask, chooses="q")
        return f'<div class="af-sides"><div>{_bars(self)}</div><div>{picture}</div></div>'

    def numbers(self):
        return table(
            'Percent, rounded; "<1" is more than nothing',
            self.keys,
            (_numbers(self, h) for h in range(len(self.heads))),
        )

    def __repr__(self):
        rows = self.percents[self.head]
        lines = [[name, *map(said, row)] for name, row in zip(self.queries, rows, strict=True)]
        head = f", head {plain(self.heads[self.head])}" if len(self.heads) > 1 else ""
        return f"{plain(self.title)}{head}: queries down, keys across, percent\n" + text_table(
            self.keys, lines
        )

    def alternative(self):
        row = zip(self.keys, self.percents[self.head, self.word], strict=True)
        shares = ", ".join(f"{key} {said(percent)}" for key, percent in row)
        return f"{self.title}, in percent. {self.queries[self.word]}: {shares}."

    def drawing(self):
        return matrix_picture(self.percents[self.head], self.queries, self.keys)


def _validate(weights, queries, keys):
    weights = weights[None] if weights.ndim == 2 else weights
    if weights.ndim != 3 or weights.shape[1:] != (len(queries), len(keys)):
        raise ValueError(
            f"attention_map: {len(queries)} words and {len(keys)} keys need weights of shape "
            f"(Tq, Tk) or (H, Tq, Tk) with Tq, Tk = {len(queries)}, {len(keys)}, got "
            f"{weights.shape}; choose one sentence of a batch with weights[0]"
        )
    return weights


def _with_average(weights):
    average = weights.mean(axis=0, keepdims=True)
    return np.concatenate([weights, average]) if len(weights) > 1 else weights


def _names(heads, count):
    names = inputs.texts(range(1, count + 1) if heads is None else heads, "attention_map: heads")
    if len(names) != count:
        raise ValueError(f"attention_map: {count} heads need {count} names, got {len(names)}")
    return [*names, "average"] if count > 1 else names


def _set(names, values):
    """Custom properties for all values but 0, which is what an absent one stands for."""
    return "".join(f"--{n}:{v};" for n, v in zip(names, values, strict=True) if v)


def _row(names):
    return "".join(f"--{j}:var(--{name});" for j, name in enumerate(names))


def _short(number):
    """A name of one or two letters for a cell: with 24 heads, names are half of the markup."""
    more, last = divmod(number, len(ascii_letters))
    return (_short(more - 1) if more else "") + ascii_letters[last]


def _bars(figure):
    asking = "".join(f'<b class="query w{i}">{html(q)}</b>' for i, q in enumerate(figure.queries))
    bars = "".join(
        f"<li style=--share:var(--{j},0)><span>{html(key)}</span><b></b></li>"
        for j, key in enumerate(figure.keys)
    )
    return f'<p class="af-who">{asking} looks at</p><ol class="af-bars">{bars}</ol>'


def _numbers(figure, h):
    head = f"Head {figure.heads[h]}; rows" if len(figure.heads) > 1 else "Rows"
    matrix = figure.percents[h]
    rows = [[name, *map(said, row)] for name, row in zip(figure.queries, matrix, strict=True)]
    return f"on-h{h}", f"{head} add up to {totals(matrix)}", rows
