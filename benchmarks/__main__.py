"""Measure all rows, or those whose name holds every word given, and keep the table of all."""

import subprocess
import sys
from functools import partial
from pathlib import Path

from .machine import machine
from .row import in_a_process
from .rows import ROWS
from .table import HEAD, attempt

README = Path(__file__).with_name("README.md")
START, END = "<!-- table -->", "<!-- end of table -->"


def main(words):
    rows = [row for row in ROWS if all(word in row.name for word in words)]
    if not rows:
        names = "\n".join(row.name for row in ROWS)
        sys.exit(f"No row has the words {' '.join(words)}; there are:\n{names}")
    lines, missed = [machine(), "", HEAD], []
    print(HEAD, flush=True)
    for row in rows:
        line, good = attempt(row, partial(in_a_process, row.name))
        print(line, flush=True)
        lines.append(line)
        missed += [] if good else [row.name]
    if not words:
        keep([*lines, "", drawn()])
    if missed:
        sys.exit("Targets missed: " + "; ".join(missed))


def keep(lines):
    README.write_text(with_table(README.read_text("utf-8"), "\n".join(lines)), "utf-8")


def drawn():
    """Draw the picture in a process of its own, and return what it says."""
    program = [sys.executable, "-m", "benchmarks.lengths"]
    return subprocess.run(program, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def with_table(text, table):
    """The text with a new table between its two marks."""
    before, after = text.split(START)[0], text.split(END)[1]
    return f"{before}{START}\n{table}\n{END}{after}"


if __name__ == "__main__":
    main(sys.argv[1:])
