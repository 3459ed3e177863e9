"""Every chapter as it is committed: whole, clean, of the right size, and what it prints again."""

import pytest

from tests.notebooks.integrity import problems
from tests.notebooks.rerun import rerun
from tests.notebooks.sizes import size_problems
from tools.execute import CELL_TIMEOUT, CHAPTERS, read

NOTEBOOKS = sorted(CHAPTERS.glob("*.ipynb"))
every_chapter = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_there_are_chapters():
    assert NOTEBOOKS


@every_chapter
def test_integrity(path):
    assert problems(path) == []


@every_chapter
def test_size(path):
    assert size_problems(read(path)) == []


@every_chapter
def test_a_fresh_run_shows_the_same(path):
    assert rerun(path, CELL_TIMEOUT) == []
