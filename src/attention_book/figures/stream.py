"""A walk along the residual stream: what each sub-layer adds to the vector of a word."""

import numpy as np

from . import inputs
from .choice import ID, Choice, identity
from .labels import html, plain
from .numbers import number
from .tables import table, text_table
from .vectors import Vectors, strips

ROWS = ["before", "adds", "after"]
COLUMNS = ["adds", "length after", "read out"]


def stream(states, words, steps, read, *, chosen=(0, -1), **texts):
    """Choose a word and a step, and see the vector before it, what it adds, and the vector after.

    Shapes: states (W, S, C), the vector of each word after each of the S steps, the first of which
    begins with nothing; `read` (W, S) says in a few words what would be read out of it there.
    `chosen` are the places of word and step at the start. Texts: `title`, `hint` (what to try),
    `answer` and `name`. ValueError for other shapes.
    """
    return Stream(states, words, steps, read, chosen).finish(**texts)


class Stream(Vectors):
    title = "Along the residual stream"
    hint = "go down step by step. Which one adds the longest vector, and which one the answer?"
    details = "The lengths"

    def __init__(self, states, words, steps, read, chosen=(0, -1)):
        after = inputs.array(states, "stream: states")
        self.read = [[inputs.text(text) for text in line] for line in read]
        words, steps = (inputs.texts(x, "stream: names") for x in (words, steps))
        if after.shape[:-1] != (len(words), len(steps)) or np.shape(self.read) != after.shape[:-1]:
            raise ValueError(
                f"stream: {len(words)} words and {len(steps)} steps need states of shape "
                f"({len(words)}, {len(steps)}, C) and a text for each, got {after.shape} and "
                f"{np.shape(self.read)}"
            )
        before = np.concatenate([np.zeros_like(after[:, :1]), after[:, :-1]], axis=1)
        rows = np.stack([before, after - before, after], axis=2)
        self.lengths = np.linalg.norm(rows, axis=-1)[..., 1:]  # of what is added, and after it
        says = [self.sentence(w, s, steps) for w, s in np.ndindex(after.shape[:-1])]
        super().__init__(rows, ROWS, {"Word": words, "Step": steps}, says, chosen)

    def sentence(self, w, s, steps):
        """What a step does to a word, in words."""
        added, after = map(number, self.lengths[w, s])
        return (
            f"{steps[s]} adds a vector of length {added}. The stream is {after} long now. "
            f"Read out here, it says {self.read[w][s]}."
        )

    def heights(self):
        """All numbers in percent of the largest of their word: its steps can be compared."""
        words = self.states.reshape(len(self.options[0]), -1)
        shares = 100 * words / abs(words).max(axis=1, keepdims=True)
        return np.round(shares).astype(int).reshape(self.states.shape)

    def choices(self):
        return [Choice("a", "Word", self.options[0], self.places[0])]

    def data(self):
        return {**super().data(), "lanes": [self._lanes(w) for w in range(len(self.options[0]))]}

    def _lanes(self, w):
        shares = np.round(100 * self.lengths[w] / self.lengths[w].max(), 1).tolist()
        return [
            [[share, number(length)] for share, length in zip(*pair, strict=True)]
            for pair in zip(shares, self.lengths[w], strict=True)
        ]

    def live(self):
        lanes = enumerate(zip(self.options[1], self._lanes(self.places[0]), strict=True))
        rows = "".join(_lane(s, *lane, s == self.places[1]) for s, lane in lanes)
        return (
            '<div class="af-sides"><fieldset class="af-lanes"><legend>Step: what it adds, and how '
            f"long the stream is after it</legend>{rows}</fieldset><div>"
            f'<output class="af-says" aria-live="polite">{html(self.says[self.state])}</output>'
            f"{strips(self.rows, self.heights()[self.state])}</div></div>"
        )

    def _bodies(self):
        for w, word in enumerate(self.options[0]):
            lengths = ([*map(number, pair)] for pair in self.lengths[w])
            rows = zip(self.options[1], lengths, self.read[w], strict=True)
            yield word, [[step, *pair, text] for step, pair, text in rows]

    def numbers(self):
        bodies = (("", word, rows) for word, rows in self._bodies())
        return table("Lengths of the vectors at each step", COLUMNS, bodies)

    def __repr__(self):
        bodies = (f"{plain(word)}\n{text_table(COLUMNS, rows)}" for word, rows in self._bodies())
        return "\n\n".join([plain(self.title), *bodies])


def _lane(s, step, pair, chosen):
    bars = "".join(f'<b style="--share:{share}"></b><em>{text}</em>' for share, text in pair)
    return (
        f'<label class="af-lane"><input type="radio" class="s{s}" id="{identity("s", s)}" '
        f'name="{ID}-s"{" checked" if chosen else ""}><span>{html(step)}</span>{bars}</label>'
    )
