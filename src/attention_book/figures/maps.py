"""Three maps make a query, a key and a value of one word: choose it, see its columns add up."""

from . import inputs
from .choice import Choice, ChoiceFigure
from .labels import html, plain
from .numbers import number
from .pictures import table_picture
from .tables import table, text_table

KINDS = ["query", "key", "value"]


def maps(x, w_q, w_k, w_v, words, marks, *, places, contents, word=0, **texts):
    """Choose a word: its row of marks picks columns of each map, and their sums are q, k and v.

    Shapes: x (T, C) with one of `words` for each row and one of `marks` for each column; w_q and
    w_k (D, C), one of `places` for each row; w_v (Dv, C), one of `contents` for each row. `word` is
    chosen at the start. Texts: `title`, `hint` (what to try), `answer` and `name`. ValueError for
    other shapes.
    """
    names = {"words": words, "marks": marks, "places": places, "contents": contents}
    return Maps([x, w_q, w_k, w_v], names, word).finish(**texts)


class Maps(ChoiceFigure):
    sheet = "maps.css"
    title = "One row becomes three"
    hint = "choose a word with a single mark. What are its query, its key and its value?"

    def __init__(self, arrays, names, word):
        where = ["x", "w_q", "w_k", "w_v"]
        given = (inputs.array(a, f"maps: {name}") for a, name in zip(arrays, where, strict=True))
        self.x, *self.maps = given
        texts = (inputs.texts(labels, f"maps: {name}") for name, labels in names.items())
        self.words, self.marks, places, contents = texts
        self.rows = [places, places, contents]
        wanted = [(len(rows), len(self.marks)) for rows in ([*self.words], *self.rows)]
        if (shapes := [a.shape for a in (self.x, *self.maps)]) != wanted:
            raise ValueError(f"maps: the names need x, w_q, w_k, w_v of {wanted}, got {shapes}")
        self.word = inputs.place(self.words, word, "maps: word")
        self.made = [self.x @ w.T for w in self.maps]

    def choices(self):
        return [Choice("w", "Choose a word", self.words, self.word)]

    def rules(self):
        return "".join(
            f"#:has(.w{n}:checked) .m{j}{{--lit:1}}" for n, j in zip(*self.x.nonzero(), strict=True)
        )

    def live(self):
        blocks = "".join(map(self._block, range(3)))
        return f'<div class="af-maps" style="--of:{len(self.marks)}">{blocks}</div>'

    def _block(self, n):
        kind, letter = KINDS[n], "QKV"[n]
        rows = "".join(self._row(n, i, name) for i, name in enumerate(self.rows[n]))
        sums = "".join(
            f'<p class="on-w{t}">{html(self.terms(n, t))}</p>' for t in range(len(self.words))
        )
        return (
            f'<div class="af-{kind}"><p>W<sub>{letter}</sub> makes the <b class="{kind}">{kind}</b>'
            f'</p><div class="af-grid3" aria-hidden="true">{self._head()}{rows}</div>'
            f'<div aria-live="polite">{sums}'
            f"</div></div>"
        )

    def _head(self):
        names = "".join(f'<b class="m{j}">{html(mark)}</b>' for j, mark in enumerate(self.marks))
        cells = "".join(
            f'<u class="m{j}">{_seen(self.x[:, j])}</u>' for j in range(self.x.shape[1])
        )
        return f"<div><span></span>{names}</div><div><span>x</span>{cells}</div>"

    def _row(self, n, i, name):
        cells = "".join(f'<i class="m{j}">{number(w)}</i>' for j, w in enumerate(self.maps[n][i]))
        made = _seen(self.made[n][:, i])
        return f"<div><span>{html(name)}</span>{cells}<strong>{made}</strong></div>"

    def terms(self, n, t):
        """The columns of map n that make the vector of word t, and their sum."""
        total = f"({number(self.made[n][t])})"
        picked = self.x[t].nonzero()[0]
        terms = [_times(self.x[t, j], self.maps[n][:, j]) for j in picked]
        return total if terms == [total] else f"{' + '.join(terms) or 'no mark'} = {total}"

    def _lines(self):
        return [
            [word, *map(number, row)]
            for word, *row in zip(self.words, self.x, *self.made, strict=True)
        ]

    def numbers(self):
        return table("What the maps make of each word", ["x", *KINDS], [("", "", self._lines())])

    def __repr__(self):
        return f"{plain(self.title)}\n{text_table(['x', *KINDS], self._lines())}"

    def alternative(self):
        rows = zip(["x", *KINDS], self._lines()[self.word][1:], strict=True)
        return f"{self.title}. {self.words[self.word]}: {', '.join(map(' '.join, rows))}."

    def drawing(self):
        return table_picture(["x", *KINDS], self._lines())


def _seen(column):
    """The number of each word, of which the chosen one is seen."""
    return "".join(f'<span class="on-w{t}">{number(n)}</span>' for t, n in enumerate(column))


def _times(factor, column):
    return f"({number(column)})" if factor == 1 else f"{number(factor)}·({number(column)})"
