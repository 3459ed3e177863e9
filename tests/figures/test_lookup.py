import numpy as np
import pytest

from attention_book.figures import lookup
from tests.figures.samples import WORDS
from tests.figures.samples import lookup as sample
from tests.figures.test_browser import show

__all__ = ["show"]
ROWS = np.arange(16).reshape(4, 4) - 8
ONE_HOT = """e => [...e.querySelectorAll(".af-entry")]
    .map(row => +getComputedStyle(row).getPropertyValue("--one") || 0)"""


def shown(tab):
    """The one-hot vector and the row that it makes."""
    figure = tab.locator("figure")
    made = figure.locator(".af-made:visible i").all_inner_texts()
    return figure.evaluate(ONE_HOT), [int(n.replace("−", "-")) for n in made]


def expected(word):
    return np.eye(4)[word].tolist(), (np.eye(4)[word] @ ROWS).tolist()


def test_each_token_picks_its_row_by_keys_and_by_mouse(show):
    with show(sample().html) as opened:
        opened.tab.locator(".t0").focus()
        for word in range(4):
            assert shown(opened.tab) == expected(word)
            opened.tab.keyboard.press("ArrowRight")
        opened.tab.locator(".af-entry.r2").click()
        opened.tab.locator("h1").hover()
        assert shown(opened.tab) == expected(2)


def test_a_row_under_the_pointer_goes_first_and_leaves_the_choice(show):
    with show(sample().html) as opened:
        opened.tab.locator(".af-entry.r3").hover()
        assert shown(opened.tab) == expected(3)
        opened.tab.locator("h1").hover()
        assert shown(opened.tab) == expected(0)


def test_a_wrong_number_is_noticed(show):
    with show(sample().html.replace("<i>−8</i>", "<i>8</i>")) as opened:
        assert shown(opened.tab) != expected(0)


def test_words_in_full_on_a_phone(show):
    with show(sample().html, width=375) as opened:
        cut = "all => all.filter(e => e.scrollWidth > e.offsetWidth).length"
        assert opened.tab.locator(".af-entry span").evaluate_all(cut) == 0


def test_the_text_has_every_number():
    assert "robot: (1, 0, 0, 0) times the table is (−8, −7, −6, −5)" in sample().alternative()
    assert repr(sample()).splitlines()[-1].split()[1:] == "0 0 0 1 4 5 6 7".split()


@pytest.mark.parametrize("shape, columns", [((3, 2), "ab"), ((4, 9), "abcdefghi")])
def test_other_shapes_are_refused(shape, columns):
    with pytest.raises(ValueError, match=r"lookup: rows must have shape \(4, \d\) .* at most 8"):
        lookup(np.ones(shape), WORDS, columns)
