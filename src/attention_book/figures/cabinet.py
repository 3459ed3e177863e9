"""A filing cabinet: a note is held against the labels of drawers, and drawers open."""

import numpy as np

from . import inputs
from .choice import Choice, ChoiceFigure
from .labels import html, plain
from .numbers import number
from .pictures import table_picture
from .shares import softmax
from .tables import table, text_table

LOOKUPS = ["hard: the best label alone", "soft: a share of every drawer"]
HARD, SOFT = range(2)
COLUMNS = ["score", "hard", "soft"]


def cabinet(queries, asking, keys, values, words, *, places, contents, ask=0, lookup=SOFT, **texts):
    """Hold a query against the keys of drawers: a hard lookup opens one, a soft one all a little.

    Shapes: queries (N, D) with one name of `asking` for each, keys (T, D) and values (T, Dv) with
    one word for each. `places` names the D places of queries and keys, `contents` the Dv places of
    values; `ask` and `lookup` (0 hard, 1 soft) are chosen at the start. A soft share is softmax of
    the scaled scores; where several labels are best, a hard lookup takes equal parts of each.
    Texts: `title`, `hint` (what to try), `answer` and `name`. ValueError for other shapes.
    """
    arrays = {"queries": queries, "keys": keys, "values": values}
    names = {"asking": asking, "words": words, "places": places, "contents": contents}
    return Cabinet(arrays, names, ask, lookup).finish(**texts)


class Cabinet(ChoiceFigure):
    sheet = "cabinet.css"
    title = "A note, labels and drawers"
    hint = "take the hard lookup, then the soft one. What does the hard one leave in its drawer?"

    def __init__(self, arrays, names, ask, lookup):
        given = (inputs.array(x, f"cabinet: {name}") for name, x in arrays.items())
        self.queries, self.keys, self.values = given
        texts = (inputs.texts(labels, f"cabinet: {name}") for name, labels in names.items())
        self.asking, self.words, self.places, self.contents = texts
        _validate(self)
        self.ask = inputs.place(self.asking, ask, "cabinet: ask")
        self.lookup = inputs.place(LOOKUPS, lookup, "cabinet: lookup")
        self.scores = self.queries @ self.keys.T
        best = np.isclose(self.scores, self.scores.max(axis=1, keepdims=True))
        scaled = self.scores / np.sqrt(self.keys.shape[1])
        soft = softmax(scaled)
        self.shares = np.stack([best / best.sum(axis=1, keepdims=True), soft])
        self.output = self.shares @ self.values

    def choices(self):
        return [
            Choice("q", "Who asks?", self.asking, self.ask),
            Choice("m", "Which lookup?", LOOKUPS, self.lookup),
        ]

    def states(self):
        """Lookup and asking word of each state, with the class that shows it."""
        return [(m, n, f"on-q{n} on-m{m}") for m in (HARD, SOFT) for n in range(len(self.queries))]

    def rules(self):
        return "".join(
            f"#:has(.q{n}:checked):has(.m{m}:checked){{{_open(self.shares[m, n])}}}"
            for m, n, _ in self.states()
        )

    def live(self):
        drawers = "".join(map(self._drawer, range(len(self.words))))
        return (
            f'<div class="af-cabinet" style="--of:{len(self.places)}" aria-hidden="true">'
            f'{self._heads()}{self._notes()}{drawers}</div><div class="af-out" aria-live="polite">'
            f"{''.join(self._out(*state) for state in self.states())}</div>"
        )

    def _heads(self):
        heads = "".join(f"<b>{html(place)}</b>" for place in self.places)
        return f'<div class="af-line"><span></span>{heads}<em>score</em><em>share</em></div>'

    def _notes(self):
        return "".join(
            f'<div class="af-line af-note on-q{n}"><span class="query">{html(word)}</span>'
            f"{_cells(self.queries[n])}</div>"
            for n, word in enumerate(self.asking)
        )

    def _drawer(self, j):
        scores = "".join(
            f'<span class="on-q{n}">{number(score)}</span>'
            for n, score in enumerate(self.scores[:, j])
        )
        said = "".join(
            f'<span class="{seen}">{_percent(self.shares[m, n, j])}</span>'
            for m, n, seen in self.states()
        )
        tray = f"<u><s><small>{number(self.values[j])}</small></s></u>"
        return (
            f'<div class="af-line af-drawer" style="--share:var(--d{j})"><span class="key">'
            f"{html(self.words[j])}</span>{_cells(self.keys[j])}<em>{scores}</em><em>{said}</em>"
            f"{tray}</div>"
        )

    def _out(self, m, n, seen):
        parts = zip(self.contents, self.output[m, n], strict=True)
        named = ", ".join(f"{html(name)} {number(x)}" for name, x in parts)
        return (
            f'<p class="{seen}">Out comes <b class="value">{named}</b>'
            f"<small> = {self.terms(m, n)}</small></p>"
        )

    def terms(self, m, n):
        """The sum that makes one output: each share that is not 0 times its value."""
        pairs = zip(self.shares[m, n], self.values, strict=True)
        return " + ".join(f"{number(s)}·({number(v)})" for s, v in pairs if s)

    def _lines(self, n):
        made = zip(self.words, self.scores[n], *self.shares[:, n], strict=True)
        rows = [[word, *map(number, numbers)] for word, *numbers in made]
        outputs = zip(self.contents, *self.output[:, n], strict=True)
        return rows + [[name, "", *map(number, out)] for name, *out in outputs]

    def numbers(self):
        bodies = [("", f"{word} asks", self._lines(n)) for n, word in enumerate(self.asking)]
        return table("Scores, shares, and what comes out", COLUMNS, bodies)

    def __repr__(self):
        parts = (
            f"{plain(word)} asks\n{text_table(COLUMNS, self._lines(n))}"
            for n, word in enumerate(self.asking)
        )
        return "\n\n".join([plain(self.title), *parts])

    def alternative(self):
        opened = zip(self.words, self.shares[self.lookup, self.ask], strict=True)
        drawers = ", ".join(f"{word} {_percent(share)}" for word, share in opened)
        return f"{self.title}. {self.asking[self.ask]} asks; the drawers open: {drawers}."

    def drawing(self):
        return table_picture(COLUMNS, self._lines(self.ask))


def _open(row):
    return "".join(f"--d{j}:{100 * share:.1f};" for j, share in enumerate(row))


def _cells(row):
    return "".join(f"<i>{number(x)}</i>" for x in row)


def _percent(share):
    return f"{100 * share:.0f} %" if share else "closed"


def _validate(figure):
    shapes = [x.shape for x in (figure.queries, figure.keys, figure.values)]
    n, t, d, dv = map(len, (figure.asking, figure.words, figure.places, figure.contents))
    if shapes != [(n, d), (t, d), (t, dv)]:
        raise ValueError(
            f"cabinet: {n} asking, {t} words, {d} places and {dv} contents need queries, keys and "
            f"values of shapes {(n, d)}, {(t, d)} and {(t, dv)}, got {shapes}"
        )
