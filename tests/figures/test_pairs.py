import re

import numpy as np
import pytest

from attention_book.figures import pairs
from tests.figures.samples import WORDS, K, Q
from tests.figures.samples import pairs as sample
from tests.figures.test_browser import show

__all__ = ["show"]
MATRICES = [Q @ K.T, Q @ Q.T]
LIT = """e => [...e.querySelectorAll(".af-asks")].map(grid => [...grid.querySelectorAll("label")]
    .map(cell => +getComputedStyle(cell).getPropertyValue("--lit")))"""


def check(tab, i, j):
    """Both grids light the cell and its mirror image, and both sentences have NumPy's numbers."""
    for lit in tab.locator("figure").evaluate(LIT):
        expected = np.zeros((4, 4))
        expected[j, i] = 1
        expected[i, j] = 2
        assert np.reshape(lit, (4, 4)).tolist() == expected.tolist()
    for matrix, said in zip(MATRICES, tab.locator(".af-said-of").all(), strict=True):
        text = said.inner_text().replace("−", "-")
        numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*(?=[,.])", text)]
        assert numbers == ([matrix[i, i]] if i == j else [matrix[i, j], matrix[j, i]])
        assert ("The same." in text) == (i != j and matrix[i, j] == matrix[j, i])


@pytest.mark.parametrize("scripts", [True, False])
def test_every_pair_by_keyboard(show, scripts):
    with show(sample(pair=(0, 0)).html, scripts=scripts) as opened:
        opened.tab.locator(".p0-0").focus()
        for i, j in np.ndindex(4, 4):
            check(opened.tab, i, j)
            opened.tab.keyboard.press("ArrowRight")


def test_each_matrix_is_its_own_control(show):
    with show(sample(pair=(0, 0)).html) as opened:
        for grid, (i, j) in enumerate([(1, 2), (3, 0)]):
            cell = opened.tab.locator(".af-asks").nth(grid).locator(f".c{i}-{j}")
            cell.hover()
            check(opened.tab, i, j)
            opened.tab.mouse.move(1, 1)
            check(opened.tab, *[(0, 0), (1, 2)][grid])
            cell.click()
            opened.tab.mouse.move(1, 1)
            check(opened.tab, i, j)


def test_another_pair_is_noticed(show):
    with show(sample(pair=(0, 1)).html) as opened, pytest.raises(AssertionError):
        check(opened.tab, 1, 0)


@pytest.mark.parametrize(
    "matrices, words, match",
    [
        ({"a": Q}, WORDS, r"pairs: 4 words need matrices of shape \(4, 4\), .* \[\(4, 3\)\]"),
        ({"a": np.eye(7)}, range(7), "at most 36 cells"),
        ({}, WORDS, "pairs: matrices are empty"),
        ({"a": [["x"]]}, WORDS[:1], "pairs: a must be numbers"),
    ],
)
def test_what_does_not_fit_is_refused(matrices, words, match):
    with pytest.raises(ValueError, match=match):
        pairs(matrices, words)
