"""Measure one row, in this process, and print it as JSON: `python -m benchmarks.row NAME`."""

import json
import subprocess
import sys

from .rows import ROWS
from .table import Measured


def in_a_process(name):
    """The row measured by a process of its own, where no other row has left anything behind."""
    program = [sys.executable, "-m", "benchmarks.row", name]
    result = subprocess.run(program, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError((result.stderr.splitlines() or ["it said nothing"])[-1])
    return Measured(**json.loads(result.stdout.splitlines()[-1]))


if __name__ == "__main__":
    measures = {row.name: row.measure for row in ROWS}
    print(json.dumps(measures[sys.argv[1]]()._asdict()))
