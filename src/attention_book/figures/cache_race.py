"""Two ways to write a text race word by word: one computes everything again, one has a cache."""

from . import inputs
from .choice import Choice, ChoiceFigure, identity
from .labels import html, plain
from .numbers import number
from .pictures import table_picture
from .tables import table, text_table

COLUMNS = ["pairs without", "pairs with", "multiply-adds without", "multiply-adds with"]


def cache_race(words, without, cached, *, chosen=-1, **texts):
    """Press *next word*: what is computed for a text so far, without a KV cache and with one.

    `without` and `cached` are the multiply-adds after 1, 2, ... words. `chosen` is how many words
    are written at the start. Texts: `title`, `hint` (what to try), `answer` and `name`. ValueError
    unless there are two numbers for each word, and some multiply-adds.
    """
    return CacheRace(words, without, cached, chosen).finish(**texts)


class CacheRace(ChoiceFigure):
    sheet = "cache_race.css"
    title = "The race: with and without a cache"
    hint = "press next word until the end. Which counters grow by the same step each time?"

    def __init__(self, words, without, cached, chosen=-1):
        self.words = inputs.texts(words, "cache_race: words")
        products = [inputs.array(x, "cache_race: counts") for x in (without, cached)]
        n = len(self.words)
        if any(x.shape != (n,) or (x <= 0).any() for x in products):
            raise ValueError(
                f"cache_race: {n} words need {n} counts above 0 for each way, got "
                f"{[x.tolist() for x in products]}"
            )
        pairs = [t * (t + 1) // 2 for t in range(1, n + 1)], range(1, n + 1)
        self.counts = [(0, 0, 0, 0), *zip(*pairs, *products, strict=True)]
        self.chosen = inputs.place(range(n + 1), chosen, "cache_race: chosen")

    def choices(self):
        return [Choice("s", "Words written", list(range(len(self.counts))), self.chosen)]

    def rules(self):
        return "".join(f"#:has(.s{n}:checked){{{self._state(n)}}}" for n in self._all())

    def _state(self, n):
        most = self.counts[-1][0], self.counts[-1][2]
        shares = (100 * count / most[i // 2] for i, count in enumerate(self.counts[n]))
        return f"--n:{n};" + "".join(f"--c{i}:{share:.2f};" for i, share in enumerate(shares))

    def live(self):
        laps = "".join(_lap(i, word, len(self.words)) for i, word in enumerate(self.words))
        heads = "<span></span><b>without a cache</b><b>with a cache</b>"
        return (
            f'<div class="af-race" aria-hidden="true"><div class="af-lap">{heads}</div>{laps}'
            f'<p class="af-legend"><i></i>computed in this step &nbsp; <i></i>kept from before</p>'
            f"{self._counter('keys and values made', 0)}{self._counter('multiply-adds', 2)}</div>"
            f"{self._turns()}<p class='af-says' aria-live='polite'>{self._sentences()}</p>"
        )

    def _counter(self, name, first):
        """One counter for each way, as a bar that is full where the race without a cache ends."""
        bars = "".join(
            f'<div style="--share:var(--c{i})"><em></em>'
            + "".join(f'<b class="on-s{n}">{number(self.counts[n][i])}</b>' for n in self._all())
            + "</div>"
            for i in (first, first + 1)
        )
        return f'<div class="af-lap af-counter"><span>{name}</span>{bars}</div>'

    def _turns(self):
        last = len(self.words)
        return "".join(
            f'<div class="af-turns on-s{n}" aria-hidden="true">'
            + (f'<label for="{identity("s", n + 1)}">next word →</label>' if n < last else "")
            + (f'<label for="{identity("s", 0)}">start again</label>' if n else "")
            + "</div>"
            for n in self._all()
        )

    def _sentences(self):
        return "".join(
            f'<span class="on-s{n}">{html(self.sentence(n))}</span>' for n in self._all()
        )

    def sentence(self, n):
        """What the state says, with the factor between the two ways."""
        if not n:
            return "Nothing is written yet."
        _, _, without, cached = self.counts[n]
        return f"After {self.words[n - 1]}, the cache has saved a factor of {without / cached:.2f}."

    def _all(self):
        return range(len(self.counts))

    def _rows(self):
        numbered = zip(self.words, self.counts[1:], strict=True)
        return [[word, *map(number, counts)] for word, counts in numbered]

    def numbers(self):
        return table("Counted from the first word on", COLUMNS, [("", "After", self._rows())])

    def __repr__(self):
        return f"{plain(self.title)}\n{text_table(COLUMNS, self._rows())}"

    def alternative(self):
        counts = zip(COLUMNS, map(number, self.counts[self.chosen]), strict=True)
        said = ", ".join(f"{name} {count}" for name, count in counts)
        return f"{self.title}. {self.sentence(self.chosen)} Computed: {said}."

    def drawing(self):
        return table_picture(COLUMNS, self._rows())


def _lap(i, word, count):
    """What a word costs, without and with: cells that are made, that are kept, that are not yet."""
    ways = "".join(
        "<p>" + "".join(f"<i{_mark(j, i, fresh)}></i>" for j in range(count)) + "</p>"
        for fresh in (0, i)
    )
    name = f'<label for="{identity("s", i + 1)}">{html(word)}</label>'
    return f'<div class="af-lap" style="--r:{i}">{name}{ways}</div>'


def _mark(j, i, fresh):
    return "" if j > i else " class=made" if j >= fresh else " class=kept"
