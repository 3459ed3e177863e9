"""The map of a model: its parts from the words in to the word out, each a link to its chapter."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from .choice import ChoiceFigure
from .labels import html, plain
from .pictures import table_picture

SAFE = re.compile(r"https://\S+|(?!//)[\w./#-]+", re.ASCII)


class Part(NamedTuple):
    """One part: its name, what it does in a few words, the page about it, and what is inside it."""

    name: str
    does: str
    page: str = ""
    inside: Sequence = ()


class Beside(list):
    """Parts side by side, one after another, where there is room; else one below another."""


class Apart(list):
    """Parts that are no step of the way: no arrow leads to them, and none from part to part."""


def architecture(parts, **texts):
    """The parts from the first to the last; a list among them is a block that repeats.

    `parts` are `Part`s or tuples like them, parts `Beside` each other, and parts kept `Apart`. A
    part with others inside is a frame around them. Texts: `title`, `hint` (what to try) and `name`.
    ValueError for a page that is neither relative nor https.
    """
    return Architecture(parts).finish(**texts)


class Architecture(ChoiceFigure):
    sheet = "architecture.css"
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
            + "".join(f"<li>{_link(part)}: {html(part.does)}</li>" for part in _flat(self.parts))
            + "</ul>"
        )

    def __repr__(self):
        return "\n".join([
            plain(self.title),
            *(f"{plain(p.name)}: {plain(p.does)}" for p in _flat(self.parts)),
        ])

    def drawing(self):
        return table_picture([], [[part.name, part.does] for part in _flat(self.parts)])


def _flat(parts):
    for part in parts:
        if isinstance(part, list):
            yield from _flat(part)
        else:
            yield part
            yield from _flat(part.inside)


def _part(part):
    if isinstance(part, list):
        return type(part)(map(_part, part))
    part = Part(*part)
    if part.page and not SAFE.fullmatch(part.page):
        raise ValueError(
            f"architecture: part {part.name!r} leads to {part.page!r}, expected a relative "
            f"address or one that starts with https://"
        )
    return part._replace(inside=[_part(inner) for inner in part.inside])


def _markup(part):
    inner = "".join(map(_markup, part if isinstance(part, list) else part.inside))
    if isinstance(part, Beside):
        return f'<div class="af-beside">{inner}</div>'
    if isinstance(part, Apart):
        return f'<div class="af-apart">{inner}</div>'
    if isinstance(part, list):
        return f'<div class="af-block"><p>repeated, once for each layer</p>{inner}</div>'
    text = f"{_link(part)}<span>{html(part.does)}</span>"
    if inner:
        return f'<div class="af-block"><p class="af-head">{text}</p>{inner}</div>'
    return f'<div class="af-part">{text}</div>'


def _link(part):
    name = f"<strong>{html(part.name)}</strong>"
    return f'<a href="{html(part.page)}">{name}</a>' if part.page else name
