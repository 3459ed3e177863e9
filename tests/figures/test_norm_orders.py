import numpy as np
import pytest

from attention_book.figures import norm_orders
from tests.figures.samples import WORDS
from tests.figures.samples import norm_orders as sample
from tests.figures.test_browser import show

__all__ = ["show"]
SHARES = """e => [...e.querySelectorAll(".af-measured li b")]
    .map(bar => +getComputedStyle(bar).getPropertyValue("--share"))"""


def told(tab):
    numbers = tab.locator(".af-measured em:visible").all_inner_texts()
    return [float(n) for n in numbers], tab.locator("figure").evaluate(SHARES)


def expected(measure, order):
    values = sample().values[measure]
    return values[order].tolist(), np.round(100 * values[order] / values.max(), 1).tolist()


def test_bars_and_drawing_follow_both_choices_by_keys_and_by_mouse(show):
    with show(sample(chosen=("pre-norm", 0)).html, scripts=False) as opened:
        tab = opened.tab
        assert told(tab) == expected(0, 1)
        tab.locator(".m0").focus()
        tab.keyboard.press("ArrowRight")
        assert told(tab) == expected(1, 1)
        tab.locator(".af-o label").first.click()
        assert told(tab) == expected(1, 0)
        assert tab.locator(".af-formula:visible").all_inner_texts() == ["norm(x + f(x))"]
        assert tab.locator(".af-path:visible").count() == 1


def test_a_wrong_bar_is_noticed(show):
    with show(sample().html.replace("--b0:25", "--b0:26", 1)) as opened:
        assert told(opened.tab) != expected(0, 0)


def test_one_measure_needs_no_choice(show):
    with show(norm_orders({"length": [[1, 2], [2, 4]]}).html) as opened:
        assert told(opened.tab) == ([1, 2], [25, 50])


@pytest.mark.parametrize("values", [[[1, 2]], [1, 2], [[1, 0], [1, 1]]])
def test_rows_that_do_not_fit_are_refused(values):
    with pytest.raises(ValueError, match="norm_orders: each measure needs two rows"):
        norm_orders({"length": values})


def test_labels_are_escaped():
    assert "<b>word" not in sample(["<b>word", *WORDS[1:]]).html
