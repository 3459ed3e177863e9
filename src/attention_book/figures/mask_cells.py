"""A mask that one paints cell by cell: each row shows at once what softmax makes of it."""

from itertools import product

import numpy as np

from . import inputs
from .labels import html, plain
from .live import LiveFigure
from .pictures import matrix_picture
from .shares import percents, said, softmax, totals
from .tables import table, text_table

MOST = 4  # words; each row of n cells has 2 ** n rules


def paint_mask(words, scores=None, **texts):
    """A checkbox for each cell of a mask, true shares, and what such a mask would let happen.

    Shape: scores (T, T), as they go into softmax, T at most 4; without them all are equal. The
    causal mask is painted at the start. Texts: `title`, `hint` (what to try), `answer` and `name`.
    ValueError for other shapes or more words.
    """
    return MaskCells(words, scores).finish(**texts)


class MaskCells(LiveFigure):
    title = "Paint a mask"
    hint = "open one cell above the diagonal, then close a whole row. What does each do?"
    script = "mask_cells.js"
    sheet = "mask_cells.css"
    untouched = "Run this cell to paint."

    def __init__(self, words, scores=None):
        self.words = inputs.texts(words, "paint_mask: words")
        n = len(self.words)
        self.scores = inputs.array(
            np.zeros((n, n)) if scores is None else scores, "paint_mask: scores"
        )
        if self.scores.shape != (n, n) or n > MOST:
            raise ValueError(
                f"paint_mask: expected at most {MOST} words and scores of shape (T, T), got {n} "
                f"words and shape {self.scores.shape}"
            )
        self.causal = np.tri(n, dtype=bool)
        self.percents = percents(softmax(self.scores, self.causal), self.causal)

    def data(self):
        full = np.ones_like(self.causal)
        window = self.causal & ~np.tri(len(full), k=-2, dtype=bool)
        presets = {"causal": self.causal, "full": full, "window": window, "empty": ~full}
        return {name: mask.ravel().astype(int).tolist() for name, mask in presets.items()}

    def rules(self):
        """For each row and each way to open its cells, the shares; and what each cell means."""
        n = len(self.words)
        rows = "".join(
            self._rule(i, seen) for i in range(n) for seen in product([False, True], repeat=n)
        )
        cells = "".join(f"# .c{i}{j}{{--share:var(--s{i}{j})}}" for i, j in np.ndindex(n, n))
        leaks = "".join(
            f"#:has(.x{i}{j}:checked) .leak{i}{j},#:has(.x{i}{j}:checked) .leaks{{display:inline}}"
            for i, j in zip(*np.triu_indices(n, 1), strict=True)
        )
        return rows + cells + leaks + "#:has(.af-cell .up:checked) .sound{display:none}"

    def _rule(self, i, seen):
        state = "".join(
            f":has(.x{i}{j}{':checked' if open_ else ':not(:checked)'})"
            for j, open_ in enumerate(seen)
        )
        row = percents(softmax(self.scores[[i]], np.array([seen])), np.array([seen]))[0]
        values = "".join(f"--s{i}{j}:{percent};" for j, percent in enumerate(row))
        blind = "" if any(seen) else f"#{state} .blind{i}{{display:inline}}"
        return f"#{state}{{{values}}}{blind}"

    def live(self):
        names = "".join(f"<span>{html(word)}</span>" for word in self.words)
        rows = "".join(self._row(i, word) for i, word in enumerate(self.words))
        buttons = "".join(f'<button type="button">{name}</button>' for name in self.data())
        return (
            '<div class="af-moves af-presets" role="group" aria-label="Masks to begin with">'
            f'{buttons}</div><div class="af-matrix af-written af-painted" '
            f'style="--columns:{len(self.words)}">'
            '<div class="af-row af-top"><b><span class="query">query ↓</span> '
            f'<span class="key">key →</span></b>{names}</div>{rows}</div>{self._verdict()}'
        )

    def _row(self, i, word):
        cells = "".join(
            f'<label class="af-cell"><input type="checkbox" class="x{i}{j}{" up" if j > i else ""}"'
            f'{" checked" if self.causal[i, j] else ""} aria-label="{html(word)} may look at '
            f'{html(key)}"><i class="c{i}{j}"></i></label>'
            for j, key in enumerate(self.words)
        )
        return f'<div class="af-row"><span>{html(word)}</span>{cells}</div>'

    def _verdict(self):
        upper = zip(*np.triu_indices(len(self.words), 1), strict=True)
        leaks = "".join(
            f'<span class="leak{i}{j}">{html(self.words[i])} sees {html(self.words[j])}. </span>'
            for i, j in upper
        )
        blind = "".join(
            f'<span class="blind{i}">{html(word)} sees nothing: all its weights are 0. </span>'
            for i, word in enumerate(self.words)
        )
        return (
            '<p class="af-verdict" aria-live="polite"><b class="leaks">The future leaks: </b>'
            f'{leaks}{blind}<span class="sound">No word sees a later one.</span></p>'
        )

    def numbers(self):
        rows = zip(self.words, self.percents, strict=True)
        body = [[word, *map(said, row)] for word, row in rows]
        return table(
            "Percent under the causal mask, rounded",
            self.words,
            [("", f"Rows add up to {totals(self.percents)}", body)],
        )

    def __repr__(self):
        rows = [[w, *map(said, row)] for w, row in zip(self.words, self.percents, strict=True)]
        return f"{plain(self.title)}: the causal mask, percent\n{text_table(self.words, rows)}"

    def drawing(self):
        return matrix_picture(self.percents, self.words, self.words)
