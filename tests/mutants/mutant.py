"""A bug as one change of the library, and the verdict of the tests on it."""

import contextlib
import io
import multiprocessing
import sys
from typing import NamedTuple

import pytest

APART = 100  # a process that dies of something else ends with 1, which pytest uses too
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["torch"])


def outcome(source, tests):
    """pytest's verdict over `tests`, in a fresh process with the library from `source`."""
    process = CONTEXT.Process(target=_run, args=(str(source), tests))
    process.start()
    process.join()
    return pytest.ExitCode(process.exitcode - APART)


def _run(source, tests):
    sys.path.insert(0, source)
    with contextlib.redirect_stdout(io.StringIO()):
        code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests.split()])
    sys.exit(APART + code)


class Mutant(NamedTuple):
    name: str
    file: str
    old: str
    new: str
    tests: str
