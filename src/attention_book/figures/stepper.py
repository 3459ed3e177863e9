"""Go through a sequence of states, one step at a time, and see what each step adds."""

from typing import NamedTuple

from . import inputs
from .choice import Choice, ChoiceFigure, identity
from .labels import html, plain
from .numbers import number
from .pictures import table_picture
from .tables import table, text_table

COLORS = ("query", "key", "value")


class Step(NamedTuple):
    """One state: a name for its button, a sentence, and rows of values by their names.

    A row has one value for each column, or a single value that holds for the whole state.
    """

    name: str
    says: str
    rows: dict


def stepper(steps, columns, *, chosen=-1, kind="step", **texts):
    """A sequence of states with a button for each; what a step changes is marked.

    `steps` are `Step`s or triples like them, `columns` the names over the values. `chosen` is the
    place of the state at the start; `kind` says what a button stands for. Texts: `title`, `hint`
    (what to try), `answer` and `name`.
    ValueError for a row with more or fewer values than columns.
    """
    return Stepper(steps, columns, chosen, kind).finish(**texts)


class Stepper(ChoiceFigure):
    sheet = "stepper.css"
    title = "Step by step"
    hint = "go back to the first step, and say what comes next before you go on."

    def __init__(self, steps, columns, chosen=-1, kind="step"):
        self.kind = kind
        self.columns = list(map(inputs.text, columns))
        self.steps = [Step(name, says, _rows(rows, self.columns)) for name, says, rows in steps]
        names = inputs.texts((step.name for step in self.steps), "stepper: steps")
        self.chosen = inputs.place(names, chosen, "stepper: chosen")

    def choices(self):
        return [
            Choice("s", f"Choose a {self.kind}", [step.name for step in self.steps], self.chosen)
        ]

    def live(self):
        before = [{}, *(step.rows for step in self.steps)]
        return "".join(
            f'<div class="on-s{i}"><p>{html(step.says)}</p>{_panel(self.columns, step, old)}'
            f"{_turns(i, len(self.steps))}</div>"
            for i, (step, old) in enumerate(zip(self.steps, before, strict=False))
        )

    def numbers(self):
        bodies = (
            ("", f"{step.name}: {step.says}", _lines(step, self.columns)) for step in self.steps
        )
        return table("The state after each step", self.columns, bodies)

    def __repr__(self):
        texts = (
            f"{plain(step.name)}: {plain(step.says)}\n"
            + text_table(self.columns, _lines(step, self.columns))
            for step in self.steps
        )
        return "\n\n".join([plain(self.title), *texts])

    def alternative(self):
        step = self.steps[self.chosen]
        rows = (f"{name}: {', '.join(cells)}" for name, cells in step.rows.items())
        return f"{self.title}. {step.name}: {step.says} {'; '.join(rows)}."

    def drawing(self):
        return table_picture(self.columns, _lines(self.steps[self.chosen], self.columns))


def _turns(i, count):
    """What a finger presses to go on; keys do the same with the buttons above."""
    turns = {"← back": i - 1, "next →": i + 1}
    labels = "".join(
        f'<label for="{identity("s", place)}">{text}</label>'
        if 0 <= place < count
        else "<span></span>"
        for text, place in turns.items()
    )
    return f'<div class="af-turns" aria-hidden="true">{labels}</div>'


def _rows(rows, columns):
    return {name: _cells(name, values, len(columns)) for name, values in rows.items()}


def _cells(name, values, count):
    values = list(values) if isinstance(values, list | tuple) else [values]
    if len(values) not in (1, count):
        raise ValueError(
            f"stepper: row {name!r} has {len(values)} values, expected {count}, one for each "
            f"column, or a single one"
        )
    return [number(value) for value in values]


def _lines(step, columns):
    rows = step.rows.items()
    return [[name, *cells, *[""] * (len(columns) - len(cells))] for name, cells in rows]


def _panel(columns, step, old):
    head = "".join(f'<th scope="col">{html(column)}</th>' for column in columns)
    rows = "".join(
        _row(name, cells, old.get(name, []), len(columns)) for name, cells in step.rows.items()
    )
    return (
        f'<div class="af-scroll" tabindex="0" role="group" aria-label="{html(step.name)}">'
        f'<table class="af-steps"><thead><tr><td></td>{head}</tr></thead>{rows}</table></div>'
    )


def _row(name, cells, old, columns):
    color = next((c for c in COLORS if name.startswith(c)), "")
    span = f' colspan="{columns}"' if len(cells) < columns else ""
    before = old or [""] * len(cells)
    boxes = "".join(
        f'<td{span} class="{_mark(cell, was)}">{html(cell) if cell else ""}</td>'
        for cell, was in zip(cells, before, strict=True)
    )
    return f'<tr><th scope="row" class="{color}">{html(name)}</th>{boxes}</tr>'


def _mark(cell, was):
    return "af-empty" if not cell else "af-new" if cell != was else "af-box"
