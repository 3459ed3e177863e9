import numpy as np
import pytest

from attention_book.figures import diagonals
from tests.figures.test_browser import show

__all__ = ["show"]
CODES = np.cos(np.subtract.outer(np.arange(5), np.arange(5)))
OTHERS = np.random.default_rng(0).normal(size=(5, 5))
MATRICES = {"codes": CODES, "others": OTHERS + OTHERS.T}
LIT = """e => [...e.querySelectorAll(".af-dots i")].filter(cell => cell.checkVisibility())
    .map(cell => +getComputedStyle(cell).getPropertyValue("--lit") || 0)"""


def shown(tab):
    """Which cells are lit, what they hold, and what is said of them."""
    lit = np.array(tab.locator("figure").evaluate(LIT)).reshape(5, 5) == 1
    cells = tab.locator(".af-dots i:visible").all_inner_texts()
    numbers = np.array([float(n.replace("−", "-")) for n in cells]).reshape(5, 5)
    return lit, numbers[lit], tab.locator(".af-says:visible").inner_text().replace("−", "-")


def extremes(matrix, distance):
    cells = np.diagonal(matrix, distance)
    return sorted({f"{x:.1f}" for x in (cells.min(), cells.max())}, key=float)


def test_each_distance_lights_its_cells_by_keys_and_by_mouse(show):
    with show(diagonals(MATRICES, distance=0).html) as opened:
        for name, matrix in zip("01", MATRICES.values(), strict=True):
            opened.tab.locator(f"label:has(.m{name})").click()
            opened.tab.locator(".d0").focus()
            opened.tab.keyboard.press("ArrowRight")
            opened.tab.keyboard.press("ArrowLeft")
            for distance in range(5):
                lit, numbers, said = shown(opened.tab)
                at = abs(np.subtract.outer(np.arange(5), np.arange(5))) == distance
                assert np.array_equal(lit, at)
                assert np.allclose(numbers, matrix[at], atol=0.051)
                assert all(number in said for number in extremes(matrix, distance))
                assert ("always" in said) == (len(extremes(matrix, distance)) == 1)
                opened.tab.keyboard.press("ArrowRight")
        opened.tab.locator(".af-dots:visible .at3").first.click()
        opened.tab.locator("h1").hover()
        assert shown(opened.tab)[0].sum() == 4


def test_a_wrong_number_is_noticed(show):
    html = diagonals(MATRICES, distance=0).html.replace('">1.0<label', '">7.0<label', 1)
    with show(html) as opened:
        assert not np.allclose(shown(opened.tab)[1], 1)


@pytest.mark.parametrize(
    "matrix", [np.ones((2, 3)), np.ones((10, 10)), np.arange(9).reshape(3, 3), np.ones((1, 1))]
)
def test_what_has_no_diagonals_of_that_kind_is_refused(matrix):
    with pytest.raises(ValueError, match="diagonals: matrices must be symmetric and of one shape"):
        diagonals({"x": matrix})
