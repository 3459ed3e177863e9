"""Figures that answer a choice, in HTML and CSS alone: no script, no request, useful without both.

Native radio buttons hold the state. A rule for each of them shows what belongs to it: markup of
the class `on-h0` is seen while option 0 of the choice `h` is chosen. Where styles are stripped,
the choices are hidden and a picture takes their place; the numbers are a table everywhere.
"""

from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from .labels import html

MOST_BYTES = 120_000
LIVE = '<div class="af-live" hidden="hidden">'  # untrusted, JupyterLab drops an empty `hidden`
ID = "\0"  # no label can hold it; the id itself depends on all of the markup


def read(name):
    """A style sheet of this folder in one line."""
    return files(__package__).joinpath(name).read_text("utf-8").replace("\n", "")


STYLE = read("choice.css")


class Choice(NamedTuple):
    """One group of radio buttons; `key` is a letter, unique in its figure."""

    key: str
    legend: str
    options: list
    chosen: int = 0


class ChoiceFigure:
    """What all choice figures share; each says what it shows and gives its numbers as text.

    Two figures with the same content and `name` would answer each other's buttons: give one of
    them another `name`. ValueError for a figure of more than 120,000 bytes of its own.
    """

    title = ""
    hint = ""
    answer = ""
    details = "The numbers"
    untouched = "Run this cell to choose."
    classes = "af"
    sheet = ""  # the name of a style sheet for its kind alone

    def choices(self):
        """The groups of buttons, from the top."""
        return []

    def live(self):
        """The markup that answers the buttons."""
        raise NotImplementedError

    def rules(self):
        """Style rules of this figure alone; `#` stands for its id."""
        return ""

    def ending(self):
        """What stands last in the figure."""
        return ""

    def numbers(self):
        """All numbers of all states as tables."""
        raise NotImplementedError

    def alternative(self):
        """The default state in words, for those who do not see it."""
        return " ".join(repr(self).split())

    def drawing(self):
        """The default state as a picture."""
        raise NotImplementedError

    def _repr_html_(self):
        return self.html

    def _repr_png_(self):
        return self.drawing().png()

    def finish(self, title=None, hint=None, answer="", name=""):
        """Take the caller's words, then make and measure the markup, so that a misfit raises."""
        self.title, self.hint, self.answer = title or self.title, hint or self.hint, answer
        markup = "".join(_parts(self, self.choices()))
        self.html = markup.replace(ID, "af-" + sha256((name + markup).encode()).hexdigest()[:6])
        if (size := len(self.html.encode()) - len(STYLE)) > MOST_BYTES:
            raise ValueError(
                f"{type(self).__name__}: {size:,} bytes of its own, expected at most "
                f"{MOST_BYTES:,}: show fewer words or heads"
            )
        return self


def _parts(figure, choices):
    own = _scoped(figure.sheet) + figure.rules()
    own += "".join(map(_seen_while_chosen, choices))
    style = STYLE + own.replace("#", "#" + ID)
    yield f'<figure class="{figure.classes}" id="{ID}"><style>{style}</style>'
    yield f'<figcaption class="af-title">{html(figure.title)}</figcaption><p class="af-static">'
    yield f"<strong>{figure.untouched}</strong><br>"
    yield f'<img alt="{html(figure.alternative())}" src="{figure.drawing().address()}"></p>'
    yield LIVE
    yield from (_buttons(choice) for choice in choices if len(choice.options) > 1)
    yield f'{figure.live()}</div><p class="af-hint"><strong>Try this:</strong> {html(figure.hint)}'
    yield "</p>"
    if figure.answer:
        yield f"<details><summary>Answer</summary><p>{html(figure.answer)}</p></details>"
    yield f"<details><summary>{figure.details}</summary>{figure.numbers()}</details>"
    yield f"{figure.ending()}</figure>"


def _scoped(sheet):
    """A style sheet that reaches no other figure of its page, and wins over the one for all.

    Its rules are about what is inside the figure; the figure itself is called `:scope` there.
    """
    return f"@scope(#){{{read(sheet)}}}" if sheet else ""


def identity(key, i):
    """The id of a radio button, by which labels elsewhere in its figure choose it."""
    return f"{ID}-{key}{i}"


def _seen_while_chosen(choice):
    if len(choice.options) == 1:
        return ""
    key, count = choice.key, len(choice.options)
    return "".join(
        f"#:not(:has(.{key}{i}:checked)) .on-{key}{i}{{display:none}}" for i in range(count)
    )


def _buttons(choice):
    def button(i, option):
        checked = " checked" if i == choice.chosen else ""
        names = f'class="{choice.key}{i}" id="{identity(choice.key, i)}" name="{ID}-{choice.key}"'
        radio = f'<input type="radio" {names}{checked}>'
        return f"<label>{radio}{html(option)}</label>"

    buttons = "".join(button(i, option) for i, option in enumerate(choice.options))
    legend = f"<legend>{html(choice.legend)}</legend>"
    return f'<fieldset class="af-{choice.key}">{legend}{buttons}</fieldset>'
