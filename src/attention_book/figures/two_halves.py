"""Encoder and decoder beside each other: choose a part, and see what it reads and who reads it."""

from typing import NamedTuple

from . import inputs
from .choice import ID, ChoiceFigure, identity
from .labels import html, plain
from .pictures import table_picture
from .tables import table, text_table

ROW, GAP = 48, 16  # pixels of a part, and between two
COLUMNS = ["reads", "is read by", "in words"]


class Stop(NamedTuple):
    """A part: its name, what it does in a sentence, and whether it reads the memory as well."""

    name: str
    says: str
    crosses: bool = False


def two_halves(encoder, decoder, *, chosen=-1, **texts):
    """Two columns of parts from top to bottom; the last of the first is the memory.

    `encoder` and `decoder` are `Stop`s or tuples like them. Each part reads the one above; one that
    crosses, of the decoder, reads the memory as well. `chosen` is the place at the start, counted
    through both. Texts: `title`, `hint` (what to try), `answer` and `name`. ValueError where the
    encoder would cross.
    """
    return TwoHalves(encoder, decoder, chosen).finish(**texts)


class TwoHalves(ChoiceFigure):
    sheet = "two_halves.css"
    title = "One half reads, the other writes"
    hint = "choose the memory. Which parts read it, and what do they read besides?"

    def __init__(self, encoder, decoder, chosen=-1):
        halves = [[Stop(*stop) for stop in half] for half in (encoder, decoder)]
        self.count = len(halves[0])
        self.stops = [
            stop._replace(name=inputs.text(stop.name)) for half in halves for stop in half
        ]
        if any(stop.crosses for stop in halves[0]) or not all(halves):
            raise ValueError(
                "two_halves: both halves need a part, and none of the encoder can read the memory"
            )
        self.chosen = inputs.place([stop.name for stop in self.stops], chosen, "two_halves: chosen")

    def reads(self, i):
        """The places of what the part at a place reads."""
        above = [i - 1] if i not in (0, self.count) else []
        return [self.count - 1, *above] if self.stops[i].crosses else above

    def readers(self, i):
        """The places of the parts that read this one."""
        return [j for j in range(len(self.stops)) if i in self.reads(j)]

    def rules(self):
        return "".join(map(self._rule, range(len(self.stops))))

    def _rule(self, i):
        chosen = f"#:has(.p{i}:checked)"
        marks = "".join(f"{chosen} .n{j}{{--from:1}}" for j in self.reads(i))
        marks += "".join(f"{chosen} .n{j}{{--to:1}}" for j in self.readers(i))
        lines = [f".e{j}-{i}" for j in self.reads(i)] + [f".e{i}-{j}" for j in self.readers(i)]
        lit = f"{chosen} :is({','.join(lines)}){{--lit:1}}" if lines else ""
        return f"{marks}{lit}{chosen} .says{i}{{display:block}}"

    def live(self):
        parts = "".join(self._part(i, stop) for i, stop in enumerate(self.stops))
        says = "".join(
            f'<p class="says{i}"><b>{html(stop.name)}</b>: {html(stop.says)}</p>'
            for i, stop in enumerate(self.stops)
        )
        rows = max(self.count, len(self.stops) - self.count)
        return (
            f'<fieldset class="af-halves" style="--rows:{rows}"><legend>Choose a part</legend>'
            f'<b class="head">Encoder</b><b class="head">Decoder</b>{self._lines(rows)}{parts}'
            f'</fieldset><div class="af-told" aria-live="polite">{says}</div>'
            '<p class="af-legend"><i class="from"></i>what it reads &nbsp; '
            '<i class="to"></i>what reads it</p>'
        )

    def _part(self, i, stop):
        column, row = divmod(i, self.count) if i < self.count else (1, i - self.count)
        checked = " checked" if i == self.chosen else ""
        place = f"grid-area:{row + 2}/{2 * column + 1}"
        heads = " down" * (row > 0) + " across" * stop.crosses
        return (
            f'<label class="n{i}{heads}" style="{place}"><input type="radio" class="p{i}" '
            f'id="{identity("p", i)}" name="{ID}-p"{checked}>{html(stop.name)}</label>'
        )

    def _lines(self, rows):
        """Lines between parts; their places are percent across and pixels down."""
        high = rows * (ROW + GAP) - GAP
        pairs = [(j, i) for i in range(len(self.stops)) for j in self.reads(i)]
        lines = "".join(f'<path class="e{j}-{i}" d="{self._line(j, i)}"/>' for j, i in pairs)
        return (
            f'<svg viewBox="0 0 100 {high}" preserveAspectRatio="none" aria-hidden="true">{lines}'
            "</svg>"
        )

    def _line(self, j, i):
        (x1, y1), (x2, y2) = map(self._center, (j, i))
        if x1 == x2:
            return f"M{x1} {y1 + ROW / 2:g}V{y2 - ROW / 2:g}"
        return f"M42 {y1:g}C50 {y1:g} 50 {y2:g} 58 {y2:g}"

    def _center(self, i):
        row = i if i < self.count else i - self.count
        return 21 if i < self.count else 79, row * (ROW + GAP) + ROW / 2

    def _rows(self):
        def names(places):
            return ", ".join(self.stops[j].name for j in places) or "nothing"

        for i, stop in enumerate(self.stops):
            half = "encoder" if i < self.count else "decoder"
            yield [f"{half}: {stop.name}", names(self.reads(i)), names(self.readers(i)), stop.says]

    def numbers(self):
        return table("From top to bottom", COLUMNS, [("", "", list(self._rows()))])

    def __repr__(self):
        return f"{plain(self.title)}\n{text_table(COLUMNS, list(self._rows()))}"

    def alternative(self):
        name, reads, readers, says = list(self._rows())[self.chosen]
        return f"{self.title}. {name} reads: {reads}; it is read by: {readers}. {says}"

    def drawing(self):
        return table_picture(COLUMNS[:2], [row[:3] for row in self._rows()])
