import re

import numpy as np
import pytest

from attention_book.figures import product
from tests.figures.samples import WORDS, K, Q
from tests.figures.test_browser import show

__all__ = ["show"]
COLUMNS = ["one", "two", "three"]
LEFT, ABOVE = Q, K.T[:, :3]
LIT = """(factor) => [...document.querySelectorAll(factor + " i")].filter(
    cell => getComputedStyle(cell).getPropertyValue("--lit") == 1).map(cell => cell.textContent)"""


def made(**more):
    return product(LEFT, ABOVE, WORDS, COLUMNS, **more).html


def lit(tab, factor):
    return [float(text.replace("−", "-")) for text in tab.evaluate(LIT, factor)]


def seen_sum(tab):
    """The words of the one sum that is shown, its terms multiplied here, and its result."""
    text = tab.locator(".af-sums").inner_text().replace("−", "-").replace("·", "*")
    words, terms, total = re.fullmatch(r"(.*): (.*) = (.*)", text.strip()).groups()
    return words, eval(terms), float(total)


def check(tab, i, j):
    assert lit(tab, ".af-left") == LEFT[i].tolist()
    assert lit(tab, ".af-above") == ABOVE[:, j].tolist()
    total = (LEFT @ ABOVE)[i, j]
    assert seen_sum(tab) == (f"{WORDS[i]} and {COLUMNS[j]}", total, total)


@pytest.mark.parametrize("scripts", [True, False])
def test_each_cell_by_keyboard_shows_its_row_its_column_and_their_sum(show, scripts):
    with show(made(cell=(0, 0)), scripts=scripts) as opened:
        opened.tab.locator(".x0.y0").focus()
        for i, j in np.ndindex(4, 3):
            check(opened.tab, i, j)
            opened.tab.keyboard.press("ArrowRight")
        check(opened.tab, 0, 0)


def test_a_cell_under_the_pointer_shows_its_sum_and_a_click_keeps_it(show):
    with show(made(cell=(0, 0))) as opened:
        cell = opened.tab.locator("label:has(.x2.y3)")
        cell.hover()
        check(opened.tab, 3, 2)
        opened.tab.mouse.move(1, 1)
        check(opened.tab, 0, 0)
        cell.click()
        opened.tab.mouse.move(1, 1)
        check(opened.tab, 3, 2)


def test_the_largest_cell_is_chosen_at_the_start(show):
    with show(made()) as opened:
        check(opened.tab, *np.unravel_index((LEFT @ ABOVE).argmax(), (4, 3)))


def test_a_wrong_cell_is_noticed(show):
    with show(made(cell=(0, 0))) as opened, pytest.raises(AssertionError):
        check(opened.tab, 0, 1)


@pytest.mark.parametrize("width", [375, 768, 1920])
def test_rows_and_columns_stand_in_line(show, width):
    place = "(all) => all.map(e => Math.round(e.getBoundingClientRect()[{}]))"
    with show(made(), width=width) as opened:
        tab = opened.tab
        tops = [
            tab.locator(cells).evaluate_all(place.format("'top'"))
            for cells in (".af-left i:nth-of-type(3n)", ".af-corner label:nth-of-type(3n)")
        ]
        lefts = [
            tab.locator(cells).evaluate_all(place.format("'left'"))[:3]
            for cells in (".af-above i", ".af-corner label")
        ]
        assert tops[0] == tops[1]
        assert lefts[0] == lefts[1]
        assert opened.pixels_too_wide() <= 0
        card, corner = (tab.locator(part).bounding_box() for part in (".af", ".af-corner"))
        assert corner["x"] + corner["width"] <= card["x"] + card["width"] - 16


@pytest.mark.parametrize(
    "kinds, names", [(("weights", "value"), "A V O"), (("value", "key"), "x y z")]
)
def test_each_factor_has_the_color_of_what_it_holds(show, kinds, names):
    token = "(e, name) => getComputedStyle(e).getPropertyValue('--' + name)"
    stands_for = {"weights": "soft", "value": "value", "key": "key"}
    with show(made(kinds=kinds, names=names.split())) as opened:
        card = opened.tab.locator(".af")
        for part, kind in zip([".af-left", ".af-above"], kinds, strict=True):
            tint = opened.tab.locator(f"{part} i").first.evaluate(token, "tint")
            assert tint == card.evaluate(token, stands_for[kind])


@pytest.mark.parametrize(
    "call, match",
    [
        (lambda: product(Q, K, WORDS, WORDS), r"\(4, K\) and \(K, 4\), got \(4, 3\) and \(4, 3\)"),
        (lambda: product(Q, K.T, WORDS[:3], WORDS), "product: 3 rows and 4 columns"),
        (lambda: product(Q[0], K.T, WORDS, WORDS), r"got \(3,\) and \(3, 4\)"),
        (lambda: product(np.ones((7, 1)), np.ones((1, 7)), range(7), range(7)), "at most 40 cells"),
        (lambda: made(kinds=("query", "<b>")), "product: kinds must be two of query, key, value"),
        (lambda: made(kinds=("query",)), "product: kinds must be two of"),
    ],
)
def test_what_does_not_fit_is_refused(call, match):
    with pytest.raises(ValueError, match=match):
        call()
