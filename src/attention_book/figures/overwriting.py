"""A memory of one matrix while pairs are written into it: what a key returns, by two rules."""

import numpy as np

from . import inputs
from .choice import Choice, ChoiceFigure
from .labels import html, plain
from .numbers import trimmed
from .pictures import table_picture
from .tables import table, text_table

RULES = "sum of k vᵀ", "delta rule"
NOTHING = "nothing yet"
COLUMNS = ["asked with", *(f"{rule} returns" for rule in RULES), "said last"]


def overwriting(keys, pairs, *, written=-1, asked=0, **texts):
    """Write pairs one by one and ask with a key: the memories of the sum and of the delta rule.

    `keys` has a vector for each name, `pairs` the names and values in the order in which they are
    written. `written` is how many are at the start, `asked` the name or place of a key. Texts:
    `title`, `hint` (what to try), `answer` and `name`. ValueError for vectors of several lengths,
    and for a pair whose key has no vector.
    """
    return Overwriting(keys, pairs, written, asked).finish(**texts)


class Overwriting(ChoiceFigure):
    sheet = "overwriting.css"
    title = "A memory is overwritten"
    hint = "write all pairs, and ask with each key. Which answers are not what was said last?"

    def __init__(self, keys, pairs, written=-1, asked=0):
        self.names = inputs.texts(keys, "overwriting: keys")
        self.keys = inputs.array(list(keys.values()), "overwriting: keys")
        self.written = [inputs.place(self.names, name, "overwriting: a key") for name, _ in pairs]
        self.values = inputs.array([value for _, value in pairs], "overwriting: values")
        if self.keys.ndim != 2 or self.values.ndim != 2:
            raise ValueError(
                f"overwriting: keys and values must be vectors, got shapes {self.keys.shape} and "
                f"{self.values.shape}"
            )
        self.memories = [np.array(list(self._memories(erase))) for erase in (0, 1)]
        self.most = max(1.0, abs(np.stack(self.memories)).max())
        self.start = inputs.place(range(len(self.written) + 1), written, "overwriting: written")
        self.asked = inputs.place(self.names, asked, "overwriting: asked")

    def _memories(self, erase):
        """The memory before the first pair, and after each."""
        memory = np.zeros((self.keys.shape[1], self.values.shape[1]))
        yield memory
        for place, value in zip(self.written, self.values, strict=True):
            key = self.keys[place]
            memory = memory + np.outer(key, value - erase * (key @ memory))
            yield memory

    def choices(self):
        steps = ["none", *(f"{i} {self.names[n]}" for i, n in enumerate(self.written, 1))]
        return [
            Choice("s", "Written so far", steps, self.start),
            Choice("k", "Ask with the key", self.names, self.asked),
        ]

    def live(self):
        said = "".join(
            f'<p class="on-s{s} on-k{k}">{html(self.sentence(s, k))}</p>' for s, k in self._states()
        )
        panels = "".join(map(self._panel, range(len(RULES))))
        told = f'<div class="af-told" aria-live="polite">{said}</div>'
        return f'{told}<div class="af-two">{panels}</div>'

    def _panel(self, rule):
        rows = "".join(self._row(rule, i) for i in range(self.keys.shape[1]))
        reads = "".join(self._read(rule, j) for j in range(self.values.shape[1]))
        width = self.values.shape[1]
        return (
            f'<div><em>{RULES[rule]}</em><div class="af-kept" style="--of:{width}" '
            f'aria-hidden="true"><b class="key">key</b><b class="of">memory</b>{rows}'
            f'<b class="value">returns</b>{reads}</div></div>'
        )

    def _row(self, rule, i):
        """A number of the key that asks, and the row of the memory that it multiplies."""
        key = "".join(f'<i class="on-k{k}">{trimmed(x)}</i>' for k, x in enumerate(self.keys[:, i]))
        cells = "".join(self._cell(rule, i, j) for j in range(self.values.shape[1]))
        return f"<span>{key}</span>{cells}"

    def _cell(self, rule, i, j):
        """The number after each step, marked where that step changed it."""
        numbers = self.memories[rule][:, i, j]
        changed = abs(np.diff(numbers, prepend=0)) > 1e-9
        states = "".join(
            f'<i class="on-s{s}{" new" * bool(new)}" style=--v:{100 * abs(x) / self.most:.0f}>'
            f"{trimmed(x)}</i>"
            for s, (x, new) in enumerate(zip(numbers, changed, strict=True))
        )
        return f"<span>{states}</span>"

    def _read(self, rule, j):
        numbers = "".join(
            f'<i class="on-s{s} on-k{k}">{trimmed(self.read(rule, s, k)[j])}</i>'
            for s, k in self._states()
        )
        return f"<span>{numbers}</span>"

    def _states(self):
        return np.ndindex(len(self.written) + 1, len(self.names))

    def read(self, rule, s, k):
        """What key k returns after s pairs."""
        return self.keys[k] @ self.memories[rule][s]

    def last(self, s, k):
        """The value written last with key k within the first s pairs, or None."""
        found = [i for i in range(s) if self.written[i] == k]
        return self.values[found[-1]] if found else None

    def _line(self, s, k):
        last = self.last(s, k)
        reads = (_vector(self.read(rule, s, k)) for rule in range(len(RULES)))
        return [self.names[k], *reads, NOTHING if last is None else _vector(last)]

    def sentence(self, s, k):
        name, added, delta, last = self._line(s, k)
        return (
            f"{name} returns {added} from the sum and {delta} by the delta rule; said last: {last}."
        )

    def _lines(self, s):
        return [self._line(s, k) for k in range(len(self.names))]

    def numbers(self):
        steps = self.choices()[0].options
        bodies = (("", f"Written so far: {step}", self._lines(s)) for s, step in enumerate(steps))
        return table("What each key returns", COLUMNS[1:], bodies)

    def __repr__(self):
        step = self.choices()[0].options[self.start]
        lines = text_table(COLUMNS[1:], self._lines(self.start))
        return f"{plain(self.title)}. Written so far: {plain(step)}\n{lines}"

    def alternative(self):
        step = self.choices()[0].options[self.start]
        return f"{self.title}. Written so far: {step}. {self.sentence(self.start, self.asked)}"

    def drawing(self):
        return table_picture(COLUMNS[1:], self._lines(self.start))


def _vector(x):
    return f"({', '.join(map(trimmed, x))})"
