"""Every chapter as it is committed: whole, clean and of the right size."""

import pytest

from tests.notebooks.integrity import problems
from tests.notebooks.sizes import size_problems
from tools.execute import CHAPTERS, read

NOTEBOOKS = sorted(CHAPTERS.glob("*.ipynb"))
CHAPTERS_PROPER = [path for path in NOTEBOOKS if path.stem[0].isdigit()]  # not the appendices


def each(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.stem)


def test_there_are_chapters():
    assert CHAPTERS_PROPER


@each(NOTEBOOKS)
def test_integrity(path):
    assert problems(path) == []


@each(CHAPTERS_PROPER)
def test_size(path):
    assert size_problems(read(path)) == []
