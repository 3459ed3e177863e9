"""What the KV caches of published models take: length and texts are moved, the bytes follow."""

from typing import NamedTuple

import numpy as np

from . import inputs
from .choice import Choice
from .labels import html, plain
from .live import LiveFigure
from .pictures import table_picture
from .tables import table, text_table

COLUMNS = ["layers", "heads", "width", "words", "MiB a text", "texts that outweigh the model"]
LEAST = 64  # words; every step of the slider doubles them
TEXTS = 32
BYTES = [4, 2, 1]


class Sizes(NamedTuple):
    """A model: its layers, its heads and their width, the words it reads, its parameters."""

    layers: int
    heads: int
    width: int
    words: int
    parameters: int


def cache_memory(models, *, chosen=0, **texts):
    """Choose a model, a length, a number of texts and bytes for a number: what do the caches take?

    `models` are `Sizes` or tuples like them, by name: layers, heads, width of a head, the words
    that the model reads at most (a power of two) and its parameters. `chosen` is the name or place
    of one. Texts: `title`, `hint` (what to try), `answer` and `name`. ValueError for other lengths.
    """
    return CacheMemory(models, chosen).finish(**texts)


class CacheMemory(LiveFigure):
    title = "The memory of the cache"
    hint = "move the texts until the cache is as heavy as the model. How many are they?"
    script = "cache_memory.js"
    sheet = "live/cache_memory.css"
    untouched = "Run this cell to move it."

    def __init__(self, models, chosen=0):
        self.names = inputs.texts(models, "cache_memory: models")
        self.sizes = [Sizes(*map(int, sizes)) for sizes in models.values()]
        for name, sizes in zip(self.names, self.sizes, strict=True):
            if sizes.words not in [LEAST << n for n in range(16)]:
                raise ValueError(
                    f"cache_memory: {name!r} reads {sizes.words} words, expected a power of two "
                    f"from {LEAST} on"
                )
        self.chosen = inputs.place(self.names, chosen, "cache_memory: chosen")

    def choices(self):
        return [
            Choice("m", "Model", self.names, self.chosen),
            Choice("b", "Bytes for a number", BYTES, 1),
        ]

    def data(self):
        return {"sizes": [list(sizes) for sizes in self.sizes], "bytes": BYTES, "least": LEAST}

    def live(self):
        sizes = self.sizes[self.chosen]
        steps = int(np.log2(sizes.words / LEAST))
        cache, model = kept(sizes, sizes.words), 2 * sizes.parameters
        most = max(cache, model)
        bars = "".join(
            f'<li style="--share:{100 * x / most:.2f}"><span>{name}</span><b></b><em>{said(x)}</em>'
            for name, x in (("cache", cache), ("model", model))
        )
        return (
            f'<div class="af-moves">{_range("words in a text", 0, steps, steps)}'
            f'{_range("texts at once", 1, TEXTS, 1)}</div><p class="af-product-of">'
            f"{html(equation(sizes, sizes.words))}</p>"
            f'<ol class="af-bars af-moved af-weighed">{bars}</ol>'
            '<output class="af-says" aria-live="polite"></output>'
        )

    def _rows(self):
        for name, s in zip(self.names, self.sizes, strict=True):
            text = kept(s, s.words)
            many = int(2 * s.parameters // text + 1)
            yield [name, *map(str, (s.layers, s.heads, s.width)), f"{s.words:,}", mib(text), many]

    def numbers(self):
        return table("Full texts, 2 bytes for a number", COLUMNS, [("", "", list(self._rows()))])

    def __repr__(self):
        return f"{plain(self.title)}\n{text_table(COLUMNS, list(self._rows()))}"

    def alternative(self):
        sizes = self.sizes[self.chosen]
        model = said(2 * sizes.parameters)
        return f"{self.names[self.chosen]}: {equation(sizes, sizes.words)}; the model is {model}."

    def drawing(self):
        return table_picture(COLUMNS, [list(map(str, row)) for row in self._rows()])


def kept(sizes, words, texts=1, each=2):
    """The bytes of all keys and values: two vectors for each word, head and layer of each text."""
    return 2 * texts * words * sizes.heads * sizes.width * sizes.layers * each


def equation(sizes, words):
    """The product that gives the bytes of one text in half precision."""
    return (
        f"2 vectors · {words:,} words · {sizes.heads} heads · {sizes.width} numbers · "
        f"{sizes.layers} layers · 2 bytes · 1 text = {said(kept(sizes, words))}"
    )


def mib(size):
    return f"{size / 2**20:,.1f}"


def said(size):
    return f"{mib(size)} MiB"


def _range(name, least, most, value):
    limits = f'min="{least}" max="{most}" value="{value}"'
    return (
        f'<label class="af-range"><span>{name}</span><input type="range" {limits}><em></em></label>'
    )
