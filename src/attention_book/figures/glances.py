"""Where a model looks in a picture: attention over its squares, or over strips for each letter."""

import numpy as np

from . import gray, inputs
from .choice import Choice, ChoiceFigure
from .labels import html, plain
from .tables import table, text_table

KEYS = "ab"


def glances(images, shares, choices, *, rows=None, says=None, chosen=None, **texts):
    """Attention over pictures that one chooses from, such as a digit and a head.

    `choices` are one or two groups of buttons, {legend: options}. Shares (options of each group,
    down, across), each from 0 to 1, lie over the picture as a net of `down` by `across` squares;
    images (options of the first group, height, width) go from 0, white, to 1, black. With `rows`,
    for each way to choose the names of what looked, there is a row of `across` shares under the
    picture for each name, and an image for each way to choose, too. `says` has a sentence for each
    way to choose, `chosen` the places of the options at the start. Texts: `title`, `hint` (what to
    try), `answer` and `name`. ValueError for other shapes or numbers.
    """
    return Glances(images, shares, choices, rows, says, chosen).finish(**texts)


class Glances(ChoiceFigure):
    sheet = "glances.css"
    title = "Where the model looks"
    hint = "go through the options. Where do the shares gather?"

    def __init__(self, images, shares, choices, rows=None, says=None, chosen=None):
        named = choices.items()
        self.options = {name: inputs.texts(each, f"glances: {name}") for name, each in named}
        self.shape = tuple(map(len, self.options.values()))
        images, shares = (
            inputs.array(x, f"glances: {name}")
            for name, x in (("images", images), ("shares", shares))
        )
        self.shares = _percents(shares, self.shape)
        wanted = self.shape if rows is not None else self.shape[:1]
        self.images = _fitted(images, wanted)
        self.rows, self.says = _named(rows, self.shape, "rows"), _named(says, self.shape, "says")
        self.chosen = tuple(chosen or (0,) * len(self.shape))

    def choices(self):
        groups = zip(KEYS, self.options.items(), self.chosen, strict=False)
        return [Choice(key, *group, chosen) for key, group, chosen in groups]

    def live(self):
        firsts = range(self.shape[0])
        return "".join(f'<div class="on-a{i}">{self._shown(i)}</div>' for i in firsts)

    def _shown(self, i):
        """What is seen of option i of the first group, with all options of the second."""
        places = [(i, *rest) for rest in np.ndindex(self.shape[1:])]
        said = "" if self.says is None else "".join(map(self._sentence, places))
        across = f'style="--c:{self.shares.shape[-1]}"'
        if self.rows is not None:
            panels = "".join(f'<div class="{_seen(p)}">{self._under(p)}</div>' for p in places)
            return f'{said}<div class="af-read" {across}>{panels}</div>'
        drawn = self._image(i) + "".join(
            f'<div class="af-net {_seen(p)}">{"".join(map(_cell, self.shares[p].flat))}</div>'
            for p in places
        )
        return f'{said}<div class="af-glance" {across}>{drawn}</div>'

    def _sentence(self, place):
        return f'<p class="{_seen(place)}">{html(self.says[place])}</p>'

    def _image(self, place):
        return f'<img alt="" role="presentation" src="{gray.address(self.images[place])}">'

    def _under(self, place):
        lines = "".join(map(_line, self.rows[place], self.shares[place]))
        return f"<span></span>{self._image(place)}{lines}"

    def lines(self):
        """For each way to choose, and each row, its name and the shares in percent."""
        found = []
        for place in np.ndindex(self.shape):
            names = [""] if self.rows is None else self.rows[place]
            shares = self.shares[place].reshape(len(self.shares[place]), -1)
            shares = [shares.flatten()] if self.rows is None else shares
            for name, row in zip(names, shares, strict=False):
                found.append([f"{self.way(place)} {name}".strip(), *map(str, row)])
        return found

    def way(self, place):
        return ", ".join(all_[i] for all_, i in zip(self.options.values(), place, strict=True))

    def columns(self):
        count = self.shares.shape[-1] * (self.shares.shape[-2] if self.rows is None else 1)
        return [str(i) for i in range(count)]

    def numbers(self):
        return table("Shares in percent, from the left", self.columns(), [("", "", self.lines())])

    def __repr__(self):
        return f"{plain(self.title)}\n{text_table(self.columns(), self.lines())}"

    def alternative(self):
        return f"{self.title}. {self.way(self.chosen)}. {self._told()}".strip()

    def _told(self):
        return "" if self.says is None else self.says[self.chosen]

    def drawing(self):
        under = self.rows is not None
        image = self.images[self.chosen if under else self.chosen[0]]
        names = self.rows[self.chosen] if under else None
        return gray.drawing(image, self.shares[self.chosen], names)


def _fitted(images, shape):
    if images.shape[:-2] != shape:
        raise ValueError(f"glances: images must be {shape} pictures, got shape {images.shape}")
    if images.min() < 0 or images.max() > 1:
        raise ValueError("glances: images must be from 0, white, to 1, black")
    return images


def _percents(shares, shape):
    if not 1 <= len(shape) <= len(KEYS) or shares.shape[:-2] != shape:
        raise ValueError(f"glances: shares must be {shape} maps, got shape {shares.shape}")
    if not (shares >= 0).all() or shares.max() > 1:
        raise ValueError("glances: shares must be from 0 to 1")
    return np.round(100 * shares).astype(int)


def _named(given, shape, name):
    if given is None:
        return None
    found = np.empty(shape, object)
    for place in np.ndindex(shape):
        value = given
        try:
            for i in place:
                value = value[i]
        except IndexError:
            raise ValueError(f"glances: {name} must be given for each of {shape} ways") from None
        found[place] = value
    return found


def _seen(place):
    return f"on-b{place[1]}" if len(place) > 1 else ""


def _cell(share):
    return f"<i style=--share:{share}></i>" if share else "<i></i>"


def _line(name, row):
    cells = "".join(map(_cell, row))
    top = _cell(row.max())
    cells = cells.replace(top, top.replace("<i", "<i class=top"))
    return f'<span>{html(name)}</span><div class="af-row af-written">{cells}</div>'
