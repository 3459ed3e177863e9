"""Measure all rows, or those whose name holds a word given, and keep the table of all."""

import sys
from pathlib import Path

from . import lengths
from .rows import ROWS
from .timing import machine

README = Path(__file__).with_name("README.md")
START, END = "<!-- table -->", "<!-- end of table -->"


def main(words):
    rows = [row for row in ROWS if all(word in row.name for word in words)]
    if not rows:
        sys.exit(f"No row has the words {' '.join(words)}; there are:\n" + "\n".join(names()))
    lines = [machine(), "", "| | measured | target |", "|---|---:|---:|"]
    missed = []
    print(*lines[2:], sep="\n", flush=True)
    for row in rows:
        value = row.measure()
        lines.append(line(row, value))
        print(lines[-1], flush=True)
        if not row.good(value):
            missed.append(row.name)
    if not words:
        lines += ["", lengths_in_words(*lengths.draw())]
        README.write_text(with_table(README.read_text("utf-8"), "\n".join(lines)), "utf-8")
    if missed:
        sys.exit("Targets missed: " + "; ".join(missed))


def names():
    return [row.name for row in ROWS]


def line(row, value):
    return f"| {row.name} | {value:.2f} {row.unit} | {row.target()} |"


def with_table(text, table):
    """The text with a new table between its two marks."""
    before, after = text.split(START)[0], text.split(END)[1]
    return f"{before}{START}\n{table}\n{END}{after}"


def lengths_in_words(step, whole):
    n = lengths.LENGTHS[-1]
    return (
        f"After {n:,} tokens the next one takes {1000 * step[-1]:.1f} ms with a cache and "
        f"{1000 * whole[-1]:,.0f} ms without."
    )


if __name__ == "__main__":
    main(sys.argv[1:])
