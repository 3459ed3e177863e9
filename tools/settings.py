"""Where a notebook runs, what a reader has set for IPython, Python or matplotlib has no say."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def nobodys() -> Iterator[dict[str, str]]:
    """The environment variables of a machine where nobody has set anything."""
    with TemporaryDirectory() as folder:
        rc = Path(folder, "matplotlibrc")
        rc.touch()
        yield {"IPYTHONDIR": folder, "PYTHONSTARTUP": "", "MATPLOTLIBRC": str(rc)}
