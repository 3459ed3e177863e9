"""Measure all rows, or those whose name holds every word given, and keep each at once.

`--out` names a file for the table; `--small` tries the program where there is no GPU.
"""

import argparse
import sys
from pathlib import Path

from ..table import HEAD, attempt
from .device import ON_GPU, card
from .rows import rows
from .scale import FULL, TRIAL


def main(arguments):
    options = _options(arguments)
    found = _rows(options)
    title = f"{'Tiny sizes, whose speeds mean nothing. ' if options.small else ''}{card()}"
    for line in (title, "", *HEAD.splitlines()):
        _say(line, options.out)
    missed = []
    for row in found:
        line, good = attempt(row, row.measure)
        _say(line, options.out)
        missed += [] if good else [row.name]
    if missed:
        sys.exit("Failed, or targets missed: " + "; ".join(missed))


def _options(arguments):
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu")
    parser.add_argument("words", nargs="*", help="only the rows whose name holds all of these")
    parser.add_argument("--out", type=Path, help="a file for the table")
    parser.add_argument("--small", action="store_true", help="tiny sizes; no speed can be missed")
    options = parser.parse_args(arguments)
    if not (ON_GPU or options.small):
        parser.error("PyTorch sees no GPU; --small tries the program without one")
    if options.out:
        options.out.write_text("", "utf-8")
    return options


def _rows(options):
    found = [
        row._replace(least=None) if options.small else row
        for row in rows(TRIAL if options.small else FULL)
        if all(word in row.name for word in options.words)
    ]
    if not found:
        sys.exit(f"No row has the words {' '.join(options.words)}")
    return found


def _say(line, out):
    print(line, flush=True)
    if out:
        with out.open("a", encoding="utf-8") as file:
            print(line, file=file)


if __name__ == "__main__":
    main(sys.argv[1:])
