import numpy as np
import pytest

from tests.figures.samples import WORDS, K, Q
from tests.figures.samples import matrix_view as sample
from tests.figures.test_browser import show

__all__ = ["show"]
FORMS = {0: ("Q", "Kᵀ", Q, K.T), 1: ("Kᵀ", "Q", K, Q.T)}
MARKED = """(grid) => [...grid.querySelectorAll("i")].map(
    cell => +getComputedStyle(cell).getPropertyValue("--both") !== 0
        && getComputedStyle(cell).fontWeight === "700"
        && getComputedStyle(cell).getPropertyValue("--asked") == 1
        && getComputedStyle(cell).getPropertyValue("--asking") == 1)"""


def numbers(grid):
    cells = grid.locator("[class^=r], [class^=c]").all_inner_texts()
    return [float(text.replace("−", "-")) for text in cells]


def grids(tab, form):
    return [tab.locator(f".on-c{form} .af-grid").nth(n) for n in range(3)]


def check(tab, form, query, key):
    *_, left, above = FORMS[form]
    made = grids(tab, form)
    for grid, matrix in zip(made, (left, above, left @ above), strict=True):
        assert numbers(grid) == matrix.ravel().tolist()
    place = (query, key) if form == 0 else (key, query)
    expected = np.zeros((4, 4), bool)
    expected[place] = True
    assert made[2].evaluate(MARKED) == expected.ravel().tolist()


@pytest.mark.parametrize("form", [0, 1])
def test_every_query_and_key_by_keyboard_in_both_forms(show, form):
    with show(sample(query=0, key=0).html, scripts=False) as opened:
        opened.tab.locator(f"label:has(.c{form})").click()
        for query in range(4):
            opened.tab.locator(f".k{query}").focus()  # left off at this key
            for step in range(4):
                check(opened.tab, form, query, (query + step) % 4)
                opened.tab.keyboard.press("ArrowRight")
            opened.tab.keyboard.press("ArrowRight")
            opened.tab.locator(f".q{query}").focus()
            opened.tab.keyboard.press("ArrowRight")


@pytest.mark.parametrize("form", [0, 1])
def test_heads_and_cells_of_the_factors_choose(show, form):
    with show(sample(query=0, key=0).html) as opened:
        opened.tab.locator(f"label:has(.c{form})").click()
        opened.tab.locator(f".on-c{form} .r2").first.click()
        opened.tab.locator(f".on-c{form} .af-grid > .key").nth(3).click()
        check(opened.tab, form, 2, 3)
        opened.tab.locator(f".on-c{form} .c1").first.click()
        check(opened.tab, form, 2, 1)


@pytest.mark.parametrize("width", [375, 768, 1920])
def test_the_product_stands_in_the_corner_of_its_factors(show, width):
    with show(sample().html, width=width) as opened:
        left, above, made = grids(opened.tab, 0)
        corner = made.locator("i").first.bounding_box()
        assert corner["x"] == pytest.approx(above.locator(".c0").first.bounding_box()["x"], abs=1)
        assert corner["y"] == pytest.approx(left.locator(".r0").first.bounding_box()["y"], abs=1)
        assert opened.pixels_too_wide() <= 0


def test_another_cell_is_noticed(show):
    with show(sample(query=1, key=2).html) as opened, pytest.raises(AssertionError):
        check(opened.tab, 0, 2, 1)


def test_the_words_name_both_sides():
    html = sample().html
    assert all(f">{word}</label>" in html for word in WORDS)
