"""How many heads of queries share a key and a value, and what a token then leaves in the cache."""

from . import inputs
from .choice import Choice, ChoiceFigure
from .labels import html, plain
from .pictures import table_picture
from .tables import table, text_table

COLUMNS = ["keys and values", "numbers for a token", "percent"]


def sharing(n_heads, width, *, latent=None, chosen=0, **texts):
    """Choose how many keys and values the heads of queries share; the boxes follow.

    The choices are all divisors of `n_heads`, the largest first, then, if it is given, one `latent`
    vector of that many numbers. A key and a value are `width` wide. `chosen` is the place or the
    name of a choice. Texts: `title`, `hint` (what to try), `answer` and `name`.
    ValueError for sizes below 1.
    """
    return Sharing(n_heads, width, latent, chosen).finish(**texts)


class Sharing(ChoiceFigure):
    title = "Who shares a key and a value"
    hint = "choose fewer keys and values. What happens to the queries?"
    sheet = "sharing.css"

    def __init__(self, n_heads, width, latent=None, chosen=0):
        sizes = {"n_heads": n_heads, "width": width, "latent": 1 if latent is None else latent}
        for name, size in sizes.items():
            if not isinstance(size, int) or size < 1:
                raise ValueError(f"sharing: {name} must be an int of at least 1, got {size!r}")
        self.n_heads, self.width, self.latent = n_heads, width, latent
        self.groups = [g for g in range(n_heads, 0, -1) if n_heads % g == 0]
        self.names = [*map(str, self.groups), *(["one latent"] if latent else [])]
        self.chosen = inputs.place(self.names, chosen, "sharing: chosen")

    def choices(self):
        return [Choice("g", "Heads of keys and values", self.names, self.chosen)]

    def live(self):
        queries = _row("query", [f"q{h + 1}" for h in range(self.n_heads)], 1)
        states = "".join(
            f'<div class="on-g{i}">{self._kept(i)}<p>{html(self.says(i))}</p></div>'
            for i in range(len(self.names))
        )
        size = f'style="--of:{self.n_heads}"'
        return f'<div class="af-sharing" {size}>{queries}{states}</div>'

    def _kept(self, i):
        if i == len(self.groups):
            return _row("latent", [f"latent, {self.latent}"], self.n_heads)
        count = self.groups[i]
        names = [range(1, count + 1), self.n_heads // count]
        return "".join(
            _row(kind, [f"{kind[0]}{j}" for j in names[0]], names[1]) for kind in ("key", "value")
        )

    def kept(self, i):
        """The numbers that a token leaves, for one choice."""
        return self.latent if i == len(self.groups) else 2 * self.groups[i] * self.width

    def says(self, i):
        """One choice as a sentence."""
        kept = f"{self.kept(i):,} numbers for a token"
        if i == len(self.groups):
            return f"{self.n_heads} heads of queries read one vector: {kept}."
        count = self.groups[i]
        product = f"2 × {count} × {self.width} = {kept}"
        return f"{self.n_heads} heads of queries, {count} of keys and of values: {product}."

    def _rows(self):
        for i, name in enumerate(self.names):
            yield [name, f"{self.kept(i):,}", f"{100 * self.kept(i) / self.kept(0):.1f}"]

    def numbers(self):
        return table(self.title, COLUMNS[1:], [("", COLUMNS[0], list(self._rows()))])

    def __repr__(self):
        return f"{plain(self.title)}\n{text_table(COLUMNS[1:], list(self._rows()))}"

    def alternative(self):
        return f"{self.title}. {self.says(self.chosen)}"

    def drawing(self):
        return table_picture(COLUMNS[1:], list(self._rows()))


def _row(kind, names, span):
    boxes = "".join(f'<b style="grid-column:span {span}">{html(name)}</b>' for name in names)
    return f'<div class="af-shared af-{kind}s">{boxes}</div>'
