"""The gallery shows or names every figure."""

import re

import pytest

from attention_book import figures
from tools.execute import CHAPTERS

TEXT = (CHAPTERS / "gallery.ipynb").read_text("utf-8")
FIGURES = [name for name in figures.__all__ if name.islower()]


def missing(text):
    return [name for name in FIGURES if not re.search(rf"\b{name}(`|\()", text)]


def test_every_figure_is_in_the_gallery():
    assert missing(TEXT) == []


@pytest.mark.parametrize("name", ["plane", "cabinet"])
def test_a_figure_that_is_not_is_noticed(name):
    assert missing(re.sub(rf"\b{name}\b", "x", TEXT)) == [name]
