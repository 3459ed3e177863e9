"""A text being written word by word: choose a text and a word, and see where it was taken from."""

from typing import NamedTuple

import numpy as np

from . import inputs
from .choice import Choice, ChoiceFigure
from .labels import html, plain
from .pictures import table_picture
from .shares import percents, said, weights_of
from .tables import table, text_table

KEYS = "abcdefgh"  # of the groups of words, one for each text
COLUMNS = ["after", "takes most from", "percent"]


class Writing(NamedTuple):
    """A text: its name, its words, where the answer starts, and a row of shares for each answer."""

    name: str
    words: list
    start: int
    weights: np.ndarray


def written(texts, *, text=0, word=0, **more):
    """Choose a text and one of the words written behind it: what it takes from each word before.

    `texts` are `Writing`s or tuples like them, at most 8. Shapes: weights (A, T) between 0 and 1,
    for A answered words of T in all; a row has no share of its own word or later ones. `text` and
    the place `word` in its answer are chosen at the start. Texts: `title`, `hint` (what to try),
    `answer` and `name`. ValueError for other shapes, and for shares of what is not yet written.
    """
    return Written(texts, text, word).finish(**more)


class Written(ChoiceFigure):
    sheet = "written.css"
    title = "An answer, word by word"
    hint = "choose another word of the answer. From which word does it take most?"

    def __init__(self, texts, text=0, word=0):
        self.texts = [_writing(*each) for each in texts]
        if not 1 <= len(self.texts) <= len(KEYS):
            raise ValueError(f"written: 1 to {len(KEYS)} texts can be shown, got {len(self.texts)}")
        self.percents = [percents(each.weights) for each in self.texts]
        self.text = inputs.place([each.name for each in self.texts], text, "written: text")
        answer = self.texts[self.text].words[self.texts[self.text].start :]
        self.word = inputs.place(answer, word, "written: word")

    def choices(self):
        names = [each.name for each in self.texts]
        return [
            Choice("t", "Choose a text", names, self.text),
            *map(self._words, range(len(names))),
        ]

    def _words(self, i):
        each, chosen = self.texts[i], self.word if i == self.text else 0
        return Choice(KEYS[i], "Choose a word of the answer", each.words[each.start :], chosen)

    def rules(self):
        """`--3` is the share of the fourth word; what is not yet written is not seen."""
        texts = range(len(self.texts))
        shown = (f"#{self._on(i)} fieldset.af-{KEYS[i]}{{display:flex}}" for i in texts)
        return "".join(shown) + "".join(self._rule(*state) for state in self._states())

    def _on(self, i, k=None):
        """What holds while a text, and a word of it, is chosen; one option has no button."""
        text = f":has(.t{i}:checked)" if len(self.texts) > 1 else ""
        alone = k is None or len(self.texts[i].weights) == 1
        return text if alone else f"{text}:has(.{KEYS[i]}{k}:checked)"

    def _rule(self, i, k):
        words = f"#{self._on(i, k)} .of{i}"
        shares = enumerate(self.percents[i][k])
        values = "".join(f"--{j}:{share};" for j, share in shares if share > 0)
        place = self.texts[i].start + k + 1
        return (
            f"{words}{{{values}}}{words} li:nth-child({place}){{--now:2px}}"
            f"{words} li:nth-child(n+{place + 1}){{visibility:hidden}}"
        )

    def _states(self):
        for i, each in enumerate(self.texts):
            for k in range(len(each.weights)):
                yield i, k

    def live(self):
        said_ = "".join(
            f'<p class="on-t{i} on-{KEYS[i]}{k}">{html(self.told(i, k))}</p>'
            for i, k in self._states()
        )
        lines = "".join(map(self._line, range(len(self.texts))))
        return f'{lines}<div class="af-told" aria-live="polite">{said_}</div>'

    def _line(self, i):
        words = "".join(
            f"<li style=--share:var(--{j},-2)>{html(word)}</li>"
            for j, word in enumerate(self.texts[i].words)
        )
        return f'<ol class="of{i} on-t{i}">{words}</ol>'

    def told(self, i, k):
        """The word written at a step, with the word that it takes most from."""
        word, before, most, share = self._row(i, k)
        return f"{word} is written after {before}, and takes most, {share} percent, from {most}."

    def _row(self, i, k):
        each = self.texts[i]
        place = each.start + k
        most = int(self.percents[i][k].argmax())
        share = said(self.percents[i][k][most])
        return [each.words[place], each.words[place - 1], each.words[most], share]

    def numbers(self):
        bodies = (
            (f"on-t{i}", " ".join(each.words), [self._row(i, k) for k in range(len(each.weights))])
            for i, each in enumerate(self.texts)
        )
        return table(self.title, COLUMNS, bodies)

    def __repr__(self):
        parts = (
            f"{plain(each.name)}: {plain(' '.join(each.words))}\n"
            + text_table(COLUMNS, [self._row(i, k) for k in range(len(each.weights))])
            for i, each in enumerate(self.texts)
        )
        return "\n\n".join([plain(self.title), *parts])

    def alternative(self):
        words = " ".join(self.texts[self.text].words)
        return f"{self.title}. {words}. {self.told(self.text, self.word)}"

    def drawing(self):
        rows = [self._row(self.text, k) for k in range(len(self.texts[self.text].weights))]
        return table_picture(COLUMNS, rows)


def _writing(name, words, start, weights):
    words = inputs.texts(words, "written: words")
    weights = weights_of(weights, "written")
    if not 0 < start < len(words) or weights.shape != (len(words) - start, len(words)):
        raise ValueError(
            f"written: {len(words)} words, the answer from place {start} on, need weights of shape "
            f"{(len(words) - start, len(words))}, got {weights.shape}"
        )
    places = np.arange(len(words))
    if weights[places >= start + np.arange(len(weights))[:, None]].any():
        raise ValueError("written: no word can take from itself or from a word written later")
    return Writing(inputs.text(name), words, start, weights)
