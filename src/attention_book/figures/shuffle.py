"""Words that one puts in another order, and the vectors that attention makes of them."""

import numpy as np

from . import inputs
from .labels import html, plain
from .live import LiveFigure
from .pictures import table_picture
from .shares import softmax
from .tables import table, text_table

SHOWN = 4  # numbers of a vector; a phone has no room for more
MOST = 5  # words


def shuffle(words, vectors, codes, **texts):
    """Exchange neighboring words, with position codes or without: whose vector changes?

    Shapes: vectors and codes (T, D), at most 5 words. A word's vector comes out of attention with
    the vectors, plus codes or not, as queries, keys and values. Texts: `title`, `hint` (what to
    try), `answer` and `name`. ValueError for other shapes.
    """
    return Shuffle(words, vectors, codes).finish(**texts)


class Shuffle(LiveFigure):
    title = "Put the words in another order"
    hint = "exchange two words, then add the encodings and do it again. Which vectors change?"
    classes = "af af-scripted af-shuffle"
    script = "shuffle.js"
    sheet = "live/shuffle.css"

    def __init__(self, words, vectors, codes):
        self.words = inputs.texts(words, "shuffle: words")
        arrays = [inputs.array(x, "shuffle: vectors and codes") for x in (vectors, codes)]
        shapes = [x.shape for x in arrays]
        n = len(self.words)
        if shapes[0] != shapes[1] or len(shapes[0]) != 2 or shapes[0][0] != n or n > MOST:
            raise ValueError(
                f"shuffle: {n} words, at most {MOST}, need vectors and codes of one shape "
                f"({n}, D), got {shapes[0]} and {shapes[1]}"
            )
        self.vectors, self.codes = (x.round(4) for x in arrays)
        self.out = attended(self.vectors)

    def data(self):
        arrays = {"vectors": self.vectors.tolist(), "codes": self.codes.tolist()}
        return {"words": self.words, **arrays}

    def live(self):
        n = len(self.words)
        swaps = "".join(
            f'<button type="button" aria-label="Exchange the words at positions {i} and {i + 1}">'
            f"⇄</button>"
            for i in range(n - 1)
        )
        words = "".join(map(self._word, range(n)))
        places = "".join(f"<span>position {i}</span>" for i in range(n))
        return (
            '<div class="af-moves"><label class="af-coded"><input type="checkbox"> '
            "add to each word the encoding of its position</label></div>"
            f'<div class="af-orders" style="--words:{n}">'
            f'<div class="af-moves af-swaps">{swaps}</div><div class="af-words">{words}</div>'
            f'<div class="af-places">{places}</div></div>'
            f'<output class="af-says" aria-live="polite">{self.says()}</output>'
        )

    def _word(self, i):
        numbers = "".join(f"<li>{x}</li>" for x in self._numbers(i))
        return (
            f'<div style="--home:{i};--at:{i}"><b>{html(self.words[i])}</b><ol>{numbers}</ol>'
            "<em>the same</em></div>"
        )

    def _numbers(self, i):
        return [f"{x:.2f}".replace("-", "−") for x in self.out[i, :SHOWN]]

    def says(self):
        return f"{html(' '.join(self.words))}: no vector has changed."

    def rows(self):
        for i, word in enumerate(self.words):
            yield [word, *self._numbers(i)]

    def numbers(self):
        return table(
            "The vectors that come out", self._columns(), [("", "in the order given", self.rows())]
        )

    def _columns(self):
        return [f"number {j}" for j in range(min(SHOWN, self.out.shape[1]))]

    def __repr__(self):
        return f"{plain(self.title)}\n{text_table(self._columns(), list(self.rows()))}"

    def drawing(self):
        return table_picture(self._columns(), list(self.rows()))


def attended(x):
    """Attention with x as queries, keys and values."""
    return softmax(x @ x.T / np.sqrt(x.shape[1])) @ x
