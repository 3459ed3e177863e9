"""Run strict nbval, as `make test` does, over a folder of notebooks that are made to fail."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tools import settings
from tools.repository import ROOT
from tools.strict_nbval import NBVAL, PICTURES_TOO

# A long path leaves room for one line at each side of a report's name only.
HEAD = r"^_+ \S*?([^/\s]+)\.ipynb::Cell \d+ _+$"
REPORT = re.compile(rf"{HEAD}(.*?)(?=^_+ \S+::Cell|^=+ )", re.M | re.S)


def reports(folder: Path, *options: str) -> dict[str, str]:
    """What is held against each notebook, by the name of its file; the first report alone."""
    command = [sys.executable, "-m", "pytest", *NBVAL, *PICTURES_TOO, *options, str(folder)]
    with settings.nobodys() as environment:
        run = subprocess.run(
            command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True
        )
    assert run.returncode in (0, 1), f"{run.returncode}\n{run.stdout}{run.stderr}"
    return dict(reversed(REPORT.findall(run.stdout)))
