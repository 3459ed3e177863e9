"""One sentence, a word of which one hides: what each mask leaves to see, and what is answered."""

from typing import NamedTuple

import numpy as np

from . import inputs
from .choice import Choice, ChoiceFigure
from .labels import html, plain
from .pictures import table_picture
from .shares import mask_of, percents, said, weights_of
from .tables import table, text_table

COLUMNS = ["hidden", "seen", "answers, percent"]


class Reader(NamedTuple):
    """A model of the figure: who may see whom, and for each word its best answers when hidden."""

    name: str
    mask: np.ndarray
    answers: list


def blanks(words, readers, pieces, *, most=4, word=0, reader=0, **texts):
    """Touch a word to hide it: each model sees what its mask allows, and says what fits there.

    `readers` has for each model's name a mask and shares. Shapes: masks bool (T, T), True = may
    attend; shares (T, V) between 0 and 1, a row of answers for each hidden word; `pieces` name the
    V tokens, of which the `most` likely are shown, none without a share. `word` and `reader` are
    chosen at the start. Texts: `title`, `hint` (what to try), `answer` and `name`. ValueError for
    other shapes.
    """
    return Blanks(words, readers, pieces, most, word, reader).finish(**texts)


class Blanks(ChoiceFigure):
    sheet = "blanks.css"
    title = "One sentence under two masks"
    hint = "hide another word. Which answers change with the mask?"

    def __init__(self, words, readers, pieces, most=4, word=0, reader=0):
        self.words = inputs.texts(words, "blanks: words")
        self.pieces = inputs.texts(pieces, "blanks: pieces")
        self.readers = [self._reader(name, *given, most) for name, given in readers.items()]
        self.word = inputs.place(self.words, word, "blanks: word")
        names = inputs.texts(readers, "blanks: readers")
        self.reader = inputs.place(names, reader, "blanks: reader")

    def _reader(self, name, mask, shares, most):
        n, shares = len(self.words), weights_of(shares, "blanks")
        if shares.shape != (n, len(self.pieces)):
            raise ValueError(
                f"blanks: {n} words and {len(self.pieces)} pieces need shares of shape "
                f"{(n, len(self.pieces))}, got {shares.shape}"
            )
        best = np.argsort(-np.round(shares, 3), axis=1, kind="stable")[:, :most]
        whole = percents(shares)
        rows = [
            [(self.pieces[j], whole[i, j]) for j in row if shares[i, j]]
            for i, row in enumerate(best)
        ]
        return Reader(inputs.text(name), mask_of(mask, (n, n), "blanks"), rows)

    def choices(self):
        names = [reader.name for reader in self.readers]
        return [
            Choice("m", "The blank may see", names, self.reader),
            Choice("b", "Touch the word to hide", self.words, self.word),
        ]

    def rules(self):
        """Hatched are the words that the chosen model does not see from the hidden one."""
        return "".join(
            f"{','.join(f'{state} .af-b label:nth-of-type({j + 1})' for j in unseen)}{{{HATCHED}}}"
            for m, i, reader in self._states()
            for state in [f"#:has(.m{m}:checked):has(.b{i}:checked)"]
            if len(unseen := np.flatnonzero(~reader.mask[i]))
        )

    def live(self):
        return "".join(
            f'<div class="on-m{m} on-b{i}"><p class="af-says">{html(self._told(reader, i))}</p>'
            f'<ol class="af-bars">{"".join(map(_bar, reader.answers[i]))}</ol></div>'
            for m, i, reader in self._states()
        )

    def _states(self):
        for m, reader in enumerate(self.readers):
            for i in range(len(self.words)):
                yield m, i, reader

    def _told(self, reader, i):
        return f"With {self.words[i]} hidden, {reader.name}: {self._read(reader, i)}"

    def _read(self, reader, i):
        seen = zip(self.words, reader.mask[i], strict=True)
        shown = [word if open_ else "…" for word, open_ in seen]
        return " ".join(["[MASK]" if j == i else word for j, word in enumerate(shown)])

    def _rows(self):
        for _, i, reader in self._states():
            answers = ", ".join(f"{piece} {said(share)}" for piece, share in reader.answers[i])
            yield [reader.name, self.words[i], self._read(reader, i), answers]

    def numbers(self):
        return table(self.title, COLUMNS, [("", "Each model and each word", self._rows())])

    def __repr__(self):
        return f"{plain(self.title)}\n{text_table(COLUMNS, self._rows())}"

    def alternative(self):
        reader = self.readers[self.reader]
        answers = ", ".join(f"{piece} {said(share)}" for piece, share in reader.answers[self.word])
        return f"{self.title}. {self._told(reader, self.word)}. Answers in percent: {answers}."

    def drawing(self):
        answers = self.readers[self.reader].answers[self.word]
        return table_picture(["percent"], [[piece, said(share)] for piece, share in answers])


HATCHED = (
    "background:repeating-linear-gradient(135deg,var(--line) 0 1.5px,var(--paper) 1.5px 6px);"
    "border-style:dashed"
)


def _bar(answer):
    piece, share = answer
    return f'<li style="--share:{share}"><span>{html(piece)}</span><b></b></li>'
