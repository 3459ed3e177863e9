"""Whole models as masks: choose one, and see which token may look at which."""

import numpy as np

from . import inputs
from .choice import Choice, ChoiceFigure
from .labels import html, plain
from .matrix import matrix_markup
from .pictures import matrix_picture
from .shares import mask_of, percents, said
from .tables import table, text_table


def who_sees(masks, words, says, *, chosen=-1, **texts):
    """Masks by the names of what they belong to; each row shows the equal shares that it leaves.

    Shapes: each mask bool (T, T), True = may attend, one word for each row and a sentence for each
    mask. `chosen` is the name or place at the start. Texts: `title`, `hint` (what to try), `answer`
    and `name`. ValueError for other shapes, and for a row that sees nothing.
    """
    return WhoSees(masks, words, says, chosen).finish(**texts)


class WhoSees(ChoiceFigure):
    title = "Who may look at whom"
    hint = "choose another model. Which rows lose cells?"

    def __init__(self, masks, words, says, chosen=-1):
        self.names = inputs.texts(masks, "who_sees: names")
        self.words = inputs.texts(words, "who_sees: words")
        shape = len(self.words), len(self.words)
        self.masks = [mask_of(mask, shape, "who_sees") for mask in masks.values()]
        self.says = list(map(inputs.text, says))
        if len(self.says) != len(self.masks) or not np.all([m.any(axis=1) for m in self.masks]):
            raise ValueError(
                f"who_sees: {len(self.masks)} masks need as many sentences, got {len(self.says)}, "
                f"and in each mask every row must see something"
            )
        self.shares = [percents(m / m.sum(axis=1, keepdims=True), m) for m in self.masks]
        self.chosen = inputs.place(self.names, chosen, "who_sees: chosen")

    def choices(self):
        return [Choice("m", "A model of", self.names, self.chosen)]

    def live(self):
        return "".join(
            f'<div class="on-m{i}"><p class="af-says">{html(self._told(i))}</p>'
            f"{matrix_markup(self.words, self.words, self.masks[i], shares)}</div>"
            for i, shares in enumerate(self.shares)
        )

    def _told(self, i):
        mask = self.masks[i]
        return f"{self.says[i]} {mask.sum()} of {mask.size} cells are open."

    def _rows(self, i):
        rows = zip(self.words, self.shares[i], strict=True)
        return [[word, *map(said, row)] for word, row in rows]

    def numbers(self):
        bodies = ((f"on-m{i}", name, self._rows(i)) for i, name in enumerate(self.names))
        return table("Percent, if all that is seen gets the same", self.words, bodies)

    def __repr__(self):
        parts = (
            f"{plain(name)}\n{text_table(self.words, self._rows(i))}"
            for i, name in enumerate(self.names)
        )
        return "\n\n".join([plain(self.title), *parts])

    def alternative(self):
        return f"{self.title}. {self.names[self.chosen]}: {self._told(self.chosen)}"

    def drawing(self):
        return matrix_picture(self.shares[self.chosen], self.words, self.words)
