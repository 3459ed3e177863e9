"""A progress bar on long runs, where a person watches."""

import os
import sys
from collections.abc import Iterable

DELAY = 2  # seconds; what is faster needs no bar
FRONT_ENDS = ("JPY_SESSION_NAME", "COLAB_RELEASE_TAG", "VSCODE_PID")


def progress(steps: Iterable, total: int, label: str) -> Iterable:
    """The same steps, with a bar if they take long and a person watches.

    Silent where `CI` is set, in files and pipes, and where a program executes a notebook, so that
    outputs can be compared.
    """
    if not watched():
        return steps
    from tqdm.auto import tqdm  # only here, because it warns in notebooks without widgets

    return tqdm(steps, total=total, desc=label, leave=False, delay=DELAY)


def watched() -> bool:
    """Whether there is a terminal or a notebook's front end to show a bar, and no `CI`."""
    if "CI" in os.environ:
        return False
    return sys.stderr.isatty() or any(name in os.environ for name in FRONT_ENDS)
