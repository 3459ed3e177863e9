"""A bug as one change of the library, and the verdict of the tests on it."""

import io
import multiprocessing
import sys
from contextlib import contextmanager, redirect_stdout
from typing import NamedTuple

import pytest

APART = 100  # a process that dies of something else ends with 1, which pytest uses too
LIMIT = 600  # seconds; a bug may make an endless loop
# Only the plugins that the tests need: loading all that are installed takes longer than a test.
ALONE = ["--disable-plugin-autoload", "-p", "jaxtyping._pytest_plugin"]
ALONE += ["-p", "_hypothesis_pytestplugin", "-p", "no:cacheprovider"]
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([
    "beartype",
    "hypothesis",
    "jaxtyping",
    "pytest",
    "safetensors.torch",
    "scipy.optimize",
    "torch",
])


class Mutant(NamedTuple):
    name: str
    file: str
    old: str
    new: str
    tests: str


@contextmanager
def planted(mutant, package):
    """While open, the library in the folder `package` has the bug."""
    file = package / mutant.file
    right = file.read_text("utf-8")
    assert right.count(mutant.old) == 1, "the mutant no longer fits the code: renew it"
    file.write_text(right.replace(mutant.old, mutant.new), "utf-8")
    try:
        yield
    finally:
        file.write_text(right, "utf-8")


def outcome(source, tests):
    """pytest's verdict over `tests`, in a fresh process with the library from `source`."""
    process = CONTEXT.Process(target=_run, args=(str(source), tests))
    process.start()
    process.join(LIMIT)
    process.kill()  # does nothing to one that has ended
    process.join()
    return pytest.ExitCode(process.exitcode - APART)


def _run(source, tests):
    sys.path.insert(0, source)
    sys.dont_write_bytecode = True  # of a bug, to be taken for the right code in the same second
    with redirect_stdout(io.StringIO()):
        code = pytest.main([*ALONE, "-x", "-q", *tests.split()])
    sys.exit(APART + code)
