"""Rows of a table: what is measured, how it spreads, and what it must reach."""

from collections.abc import Callable
from statistics import median, quantiles
from typing import NamedTuple

HEAD = "| | median | quartiles | target | |\n|---|---:|---:|---:|---|"


class Skipped(Exception):
    """What a row needs is not on this machine; the text says what."""


class Measured(NamedTuple):
    """The values of a row, in the order in which they were measured, and what else to say."""

    values: list[float]
    note: str = ""


class Row(NamedTuple):
    """One line of a table: a measure in `unit`, and the least or most that its median may be."""

    name: str
    measure: Callable[[], Measured]
    least: float | None = None
    most: float | None = None
    unit: str = "×"

    def good(self, value):
        return (self.least is None or value >= self.least) and (
            self.most is None or value <= self.most
        )

    def target(self):
        if self.least is None and self.most is None:
            return ""
        return f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}"


def attempt(row, measure):
    """The row's line, and whether its target holds; what goes wrong is said in the row's place."""
    try:
        values, note = measure()
    except (Skipped, ModuleNotFoundError) as why:
        return _line(row, "", "", f"skipped: {why}"), True
    except Exception as error:
        text = " ".join(f"{type(error).__name__}: {error}".split()).replace("|", "\\|")
        return _line(row, "", "", f"failed: {text[:300]}"), False
    value = median(values)
    good = row.good(value)
    note = "; ".join(filter(None, ["" if good else "missed", note]))
    return _line(row, f"{number(value)} {row.unit}", spread(values), note), good


def spread(values):
    """The lower and the upper quartile."""
    if len(values) < 2:
        return ""
    low, _, high = quantiles(values, n=4, method="inclusive")
    return f"{number(low)}–{number(high)}"


def number(x):
    return f"{x:.2f}" if x == 0 or abs(x) >= 0.01 else f"{x:.1e}"


def _line(row, value, quartiles, note):
    return f"| {row.name} | {value} | {quartiles} | {row.target()} | {note} |"
