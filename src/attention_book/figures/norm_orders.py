"""The two orders of a block, drawn, and what they do to numbers from block to block."""

import numpy as np

from . import inputs
from .choice import Choice, ChoiceFigure
from .labels import plain
from .pictures import table_picture
from .tables import table, text_table

ORDERS = ["post-norm", "pre-norm"]
SUBLAYERS = ["attention", "feed-forward"]


def norm_orders(measured, *, chosen=(0, 0), **texts):
    """Post-norm and pre-norm: the path through a block, and measures of each block of a stack.

    `measured` are pairs of rows by what was measured, such as "gradient": for post-norm and for
    pre-norm one number above 0 for each block. Bars of one measure share a scale. `chosen` are the
    places of order and measure at the start. Texts: `title`, `hint` (what to try), `answer` and
    `name`. ValueError for other shapes.
    """
    return NormOrders(measured, chosen).finish(**texts)


class NormOrders(ChoiceFigure):
    sheet = "norm_orders.css"
    title = "Where the norm stands"
    hint = "switch the order. Which measure stays level from block to block, which does not?"

    def __init__(self, measured, chosen=(0, 0)):
        self.names = inputs.texts(measured, "norm_orders: measures")
        values = inputs.array(list(measured.values()), "norm_orders: measured")
        if values.ndim != 3 or values.shape[1] != 2 or not (values > 0).all():
            raise ValueError(
                f"norm_orders: each measure needs two rows of numbers above 0, one for each block, "
                f"got shape {values.shape}"
            )
        self.values = values
        self.order = inputs.place(ORDERS, chosen[0], "norm_orders: chosen")
        self.measure = inputs.place(self.names, chosen[1], "norm_orders: chosen")
        self.blocks = [f"block {i + 1}" for i in range(values.shape[2])]

    def choices(self):
        return [
            Choice("o", "The order", ORDERS, self.order),
            Choice("m", "Measured in each block", self.names, self.measure),
        ]

    def rules(self):
        most = self.values.max(axis=(1, 2), keepdims=True)
        shares = np.round(100 * self.values / most, 1)
        return "".join(
            f"#{_chosen('m', m, self.names)}:has(.o{o}:checked){{{_properties(shares[m, o])}}}"
            for m, o in np.ndindex(shares.shape[:2])
        )

    def live(self):
        drawn = "".join(
            f'<div class="on-o{o}"><p class="af-formula">{FORMULAS[o]}</p>{_block(o)}</div>'
            for o in range(2)
        )
        bars = "".join(self._bar(i, block) for i, block in enumerate(self.blocks))
        return f'{drawn}<ol class="af-bars af-moved af-measured">{bars}</ol>'

    def _bar(self, i, block):
        one = len(self.names) == 1
        numbers = "".join(
            f'<em class="on-o{o}{"" if one else f" on-m{m}"}">{said(self.values[m, o, i])}</em>'
            for m, o in np.ndindex(self.values.shape[:2])
        )
        return (
            f'<li style="--share:var(--b{i})"><span>{block}</span><b></b><div>{numbers}</div></li>'
        )

    def _bodies(self):
        for name, pair in zip(self.names, self.values, strict=True):
            yield name, [[o, *map(said, row)] for o, row in zip(ORDERS, pair, strict=True)]

    def numbers(self):
        bodies = (("", name, rows) for name, rows in self._bodies())
        return table("Measured in each block", self.blocks, bodies)

    def __repr__(self):
        parts = (f"{plain(name)}\n{text_table(self.blocks, rows)}" for name, rows in self._bodies())
        return "\n\n".join([plain(self.title), *parts])

    def alternative(self):
        row = ", ".join(map(said, self.values[self.measure, self.order]))
        return (
            f"{ORDERS[self.order]}: {WORDS[self.order]} {self.names[self.measure]}, from the first "
            f"block to the last: {row}."
        )

    def drawing(self):
        return table_picture(self.blocks, next(iter(self._bodies()))[1])


FORMULAS = ["norm(x + f(x))", "x + f(norm(x))"]
WORDS = [
    "a norm stands on the residual path, after each plus.",
    "a norm stands on each branch, before the sub-layer, and the residual path is free.",
]


def said(value):
    """Three figures, whatever the size."""
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def _chosen(key, i, options):
    return f":has(.{key}{i}:checked)" if len(options) > 1 else ""


def _properties(shares):
    return "".join(f"--b{i}:{share:g};" for i, share in enumerate(shares))


def _block(order):
    """The residual path from left to right, with a branch below it for each sub-layer."""
    branches = "".join(_branch(name, order) for name in SUBLAYERS)
    return f'<div class="af-path" role="img" aria-label="{WORDS[order]}">{branches}</div>'


def _branch(name, order):
    post = order == 0
    norm = (236, 30) if post else (54, 96)
    return (
        '<svg viewBox="0 0 320 128"><path class="main" d="M0 30H318m-10-7l10 7-10 7"/>'
        '<path d="M16 30V96H186V42m-6 8l6-8 6 8"/>'
        f"{_box(101 if post else 136, 96, 96, name)}{_box(*norm, 56, 'norm', ' norm')}"
        '<circle cx="186" cy="30" r="12"/><path d="M180 30h12m-6-6v12"/></svg>'
    )


def _box(x, y, wide, text, kind=""):
    return (
        f'<rect class="box{kind}" x="{x - wide / 2:g}" y="{y - 17}" width="{wide}" height="34" '
        f'rx="6"/><text x="{x}" y="{y + 5}">{text}</text>'
    )
