"""A progress bar on long runs, where a person watches."""

import os
import sys
from collections.abc import Iterable

FRONT_ENDS = ("JPY_SESSION_NAME", "COLAB_RELEASE_TAG", "VSCODE_PID")


def progress(steps: Iterable, total: int, label: str) -> Iterable:
    """The same steps, with a bar if they take long and somebody watches, at a terminal or notebook.

    Silent where `CI` is set, in files and pipes, and where a program executes a notebook, so that
    outputs can be compared.
    """
    if not watched():
        return steps
    from tqdm.auto import tqdm  # only here, because it warns in notebooks without widgets

    return tqdm(steps, total=total, desc=label, leave=False, delay=2)


def watched() -> bool:
    """Whether a person is likely to see what is written to stderr now."""
    if "CI" in os.environ:
        return False
    return sys.stderr.isatty() or any(name in os.environ for name in FRONT_ENDS)
