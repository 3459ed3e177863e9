"""Multi-head attention with all its numbers: split, attend, concatenate, map by W_O."""

import numpy as np

from . import inputs
from .cells import matrix
from .choice import Choice, ChoiceFigure, identity
from .labels import html, plain
from .numbers import number
from .pictures import table_picture
from .shares import softmax
from .tables import table, text_table

MOST = 8  # words, and columns of a matrix
ALL = "all"


def multi_head(q, k, v, w_o, words, *, n_heads=2, head=0, word=-1, **texts):
    """Choose a head and a word, and follow both from the split to the output.

    Shapes: q and k (T, H * D), v (T, H * Dv), w_o (H * Dv, C), at most 8 each way; one word for
    each row. The last choice is all heads. `head` and `word` are the places at the start. Texts:
    `title`, `hint` (what to try), `answer` and `name`. ValueError for other shapes.
    """
    return MultiHead(q, k, v, w_o, words, n_heads, head, word).finish(**texts)


class MultiHead(ChoiceFigure):
    title = "Split, attend, concatenate, map"
    hint = "choose one head, then the other. What does each write, and what do both?"
    sheet = "multi_head.css"

    def __init__(self, q, k, v, w_o, words, n_heads=2, head=0, word=-1):
        given = zip("q k v w_o".split(), (q, k, v, w_o), strict=True)
        self.given = {name: inputs.array(x, f"multi_head: {name}") for name, x in given}
        self.words = inputs.texts(words, "multi_head: words")
        self.n_heads = n_heads
        _validate(self.given, len(self.words), n_heads)
        q, k, v, w_o = self.given.values()
        q, k, v = (np.stack(np.split(x, n_heads, axis=1)) for x in (q, k, v))
        scores = q @ k.swapaxes(1, 2) / np.sqrt(q.shape[2])
        self.queries, self.weights = q, softmax(scores)
        self.outputs = self.weights @ v
        self.messages = self.outputs @ np.stack(np.split(w_o, n_heads))
        self.heads = [*(str(h + 1) for h in range(n_heads)), ALL]
        self.head = inputs.place(self.heads, head, "multi_head: head")
        self.word = inputs.place(self.words, word, "multi_head: word")

    def choices(self):
        return [
            Choice("h", "Head", self.heads, self.head),
            Choice("q", "Word", self.words, self.word),
        ]

    def rules(self):
        heads = "".join(
            f"#:has(:is(.h{h},.h{self.n_heads}):checked) .c{h}{{--lit:1}}"
            for h in range(self.n_heads)
        )
        places = range(len(self.words))
        return heads + "".join(f"#:has(.q{i}:checked) .r{i}{{--row:1}}" for i in places)

    def live(self):
        says = "".join(
            f'<p class="on-h{h} on-q{i}">{html(self.says(h, i))}</p>'
            for h, i in np.ndindex(len(self.heads), len(self.words))
        )
        bands = "".join(
            f'<li><p>{says}</p><div class="af-line" aria-hidden="true">{matrices}</div></li>'
            for says, matrices in self._bands()
        )
        return f'<div aria-live="polite">{says}</div><ol class="af-flow">{bands}</ol>'

    def says(self, h, i):
        """What a head, or all of them, does for one word."""
        if h == self.n_heads:
            return f"{self.words[i]}: what all heads write adds up to {_row(self.written(h)[i])}."
        asks, brings = _row(self.queries[h, i]), _row(self.outputs[h, i])
        return (
            f"{self.words[i]} asks head {h + 1} with {asks}. The head brings {brings}, and the map "
            f"turns it into {_row(self.messages[h, i])}."
        )

    def written(self, h):
        """What one head, or all of them, writes into the output."""
        return self.messages.sum(axis=0) if h == self.n_heads else self.messages[h]

    def _bands(self):
        """The three bands of the picture: what each says, and its matrices."""
        q, k, v, w_o = self.given.values()
        yield (
            "<b>Split</b> the columns. Every head keeps all rows.",
            self._columns("Q", q, "query", named=True)
            + self._columns("K", k, "key")
            + self._columns("V", v, "value"),
        )
        yield (
            "<b>Attend</b> in each head alone: its weights times its values.",
            "".join(map(self._head, range(self.n_heads))),
        )
        joined = np.concatenate(self.outputs, axis=1)
        yield (
            "<b>Concatenate</b> what the heads bring, and <b>map</b> it by W<sub>O</sub>.",
            f"{self._columns('concat', joined, named=True)}<b>·</b>{self._map(w_o)}<b>=</b>"
            + "".join(map(self._message, range(len(self.heads)))),
        )

    def _columns(self, name, x, kind="", named=False):
        """A matrix whose columns are shared out among the heads."""
        share = x.shape[1] // self.n_heads
        cells = [
            [
                _of_head(j // share, f" r{i}" + " af-cut" * (j > 0 and j % share == 0))
                for j in range(x.shape[1])
            ]
            for i in range(len(x))
        ]
        return matrix(name, x, cells, self._names() if named else (), kind)

    def _map(self, w_o):
        share = len(w_o) // self.n_heads
        cells = [[_of_head(i // share)] * w_o.shape[1] for i in range(len(w_o))]
        return matrix("W<sub>O</sub>", w_o, cells)

    def _head(self, h):
        weights, brought = self.weights[h], self.outputs[h]
        cells = [[_of_head(h, f" r{i}")] * brought.shape[1] for i in range(len(brought))]
        asked = matrix(f"head {h + 1}", weights, _by_word(weights), self._names(), "shares")
        return f'<div class="af-head c{h}">{asked}{matrix("brings", brought, cells)}</div>'

    def _message(self, h):
        x = self.written(h)
        return f'<div class="on-h{h}">{matrix(self._name(h), x, _by_word(x))}</div>'

    def _names(self):
        return [(word, identity("q", i)) for i, word in enumerate(self.words)]

    def _name(self, h):
        return "output" if h == self.n_heads else f"from head {h + 1}"

    def _columns_of_table(self):
        return [*(f"head {h + 1}" for h in range(self.n_heads)), ALL]

    def _steps(self, i):
        """What each head, and all of them, makes of one word."""
        made = {"query": self.queries, "weights": self.weights, "brings": self.outputs}
        rows = [[name, *(_row(head[i]) for head in x), ""] for name, x in made.items()]
        rows[-1][-1] = _row(np.concatenate(self.outputs[:, i]))
        return [*rows, ["writes", *(_row(self.written(h)[i]) for h in range(len(self.heads)))]]

    def numbers(self):
        bodies = (("", word, self._steps(i)) for i, word in enumerate(self.words))
        return table("Each word, head by head", self._columns_of_table(), bodies)

    def __repr__(self):
        parts = (
            f"{plain(word)}\n{text_table(self._columns_of_table(), self._steps(i))}"
            for i, word in enumerate(self.words)
        )
        return "\n\n".join([plain(self.title), *parts])

    def alternative(self):
        return f"{self.title}. {self.says(self.head, self.word)}"

    def drawing(self):
        return table_picture(self._columns_of_table(), self._steps(self.word))


def _of_head(h, more=""):
    """The classes of a cell that belongs to a head, and the button that a click on it chooses."""
    return f"c{h}{more}", identity("h", h)


def _by_word(x):
    """The same for cells that belong to the words in the rows."""
    return [[(f"r{i}", identity("q", i))] * x.shape[1] for i in range(len(x))]


def _row(values):
    return f"({', '.join(map(number, values))})"


def _validate(given, n, n_heads):
    q, k, v, w_o = (x.shape for x in given.values())
    fits = q == k and q[:1] == v[:1] == (n,) and w_o[:1] == v[1:] and len(q) == len(w_o) == 2
    widths = (*q[1:], *v[1:])
    if not fits or any(w % n_heads for w in widths) or max((n, *widths, *w_o)) > MOST:
        raise ValueError(
            f"multi_head: {n} words and {n_heads} heads need q and k of shape ({n}, H·D), v "
            f"({n}, H·Dv) and w_o (H·Dv, C), at most {MOST} each way, got {q}, {k}, {v}, {w_o}"
        )
