"""The map of a model: its parts from the words in to the word out, each a link to its chapter."""

import re
from typing import NamedTuple

from .choice import ChoiceFigure
from .labels import html, plain
from .pictures import table_picture

SAFE = re.compile(r"https://\S+|(?!//)[\w./#-]+", re.ASCII)


class Part(NamedTuple):
    """One part: its name, what it does in a few words, and the page about it, if there is one."""

    name: str
    does: str
    page: str = ""


def architecture(parts, **texts):
    """The parts from the first to the last; a list among them is a block that repeats.

    `parts` are `Part`s or tuples like them. Texts: `title`, `hint` (what to try) and `name`.
    ValueError for a page that is neither relative nor https.
    """
    return Architecture(parts).finish(**texts)


class Architecture(ChoiceFigure):
    title = "The whole model on one map"
    hint = "follow one word from top to bottom. In which part do words first learn of each other?"
    details = "The parts as a list"

    def __init__(self, parts):
        self.parts = [_part(part) for part in parts]

    def live(self):
        return f'<div class="af-map">{"".join(map(_markup, self.parts))}</div>'

    def numbers(self):
        return (
            "<ul>"
            + "".join(f"<li>{_link(part)}: {html(part.does)}</li>" for part in self._flat())
            + "</ul>"
        )

    def __repr__(self):
        return "\n".join([
            plain(self.title),
            *(f"{plain(p.name)}: {plain(p.does)}" for p in self._flat()),
        ])

    def alternative(self):
        return " ".join(repr(self).split())

    def drawing(self):
        return table_picture([], [[part.name, part.does] for part in self._flat()])

    def _flat(self):
        for part in self.parts:
            yield from part if isinstance(part, list) else [part]


def _part(part):
    if isinstance(part, list):
        return [_part(inner) for inner in part]
    part = Part(*part)
    if part.page and not SAFE.fullmatch(part.page):
        raise ValueError(
            f"architecture: part {part.name!r} leads to {part.page!r}, expected a relative "
            f"address or one that starts with https://"
        )
    return part


def _markup(part):
    if isinstance(part, list):
        inner = "".join(map(_markup, part))
        return f'<div class="af-block"><p>repeated, once for each layer</p>{inner}</div>'
    return f'<div class="af-part">{_link(part)}<span>{html(part.does)}</span></div>'


def _link(part):
    name = f"<strong>{html(part.name)}</strong>"
    return f'<a href="{html(part.page)}">{name}</a>' if part.page else name
