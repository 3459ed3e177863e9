import numpy as np
import pytest
import torch

from attention_book.figures import normalize
from tests.figures.samples import normalize as sample
from tests.figures.test_browser import show

__all__ = ["show"]


def expected(x, weight, bias):
    x = np.array(x, dtype=float)
    normal = torch.nn.functional.layer_norm(torch.tensor(x), x.shape).numpy()
    return np.array([x - x.mean(), normal, weight * normal + bias])


def told(tab):
    rows = tab.locator(".af-normal tr").all()[1:]
    return np.array([[float(x) for x in row.locator("span").all_inner_texts()] for row in rows])


def heights(tab):
    bars = "e => [...e.querySelectorAll('b')].map(b => +b.style.getPropertyValue('--v'))"
    return tab.locator(".af-normal").evaluate(bars)


def test_rows_follow_what_is_typed_and_reset_brings_them_back(show):
    with show(sample().html) as opened:
        tab = opened.tab
        assert np.allclose(told(tab), expected([1, 1, 5, 5], 2, 1), atol=5e-4)
        tab.locator(".af-normal input").first.fill("-7")
        tab.locator(".af-learned input").last.fill("0.5")
        tab.keyboard.press("ArrowUp")
        assert np.allclose(told(tab), expected([-7, 1, 5, 5], 2, 1.5), atol=5e-4)
        assert heights(tab)[0] == -100
        assert heights(tab)[4] == pytest.approx(-100)
        assert heights(tab)[5] == 0
        tab.locator(".af-learned input").last.fill("")
        assert tab.locator("output").inner_text() == "A number is missing."
        tab.locator("button").click()
        assert np.allclose(told(tab), expected([1, 1, 5, 5], 2, 1), atol=5e-4)


def test_a_wrong_deviation_is_noticed(show):
    with show(sample().html.replace("1e-5", "9")) as opened:
        assert not np.allclose(told(opened.tab), expected([1, 1, 5, 5], 2, 1), atol=5e-4)


def test_without_a_script_the_start_is_drawn(show):
    with show(sample().html, scripts=False) as opened:
        assert np.allclose(told(opened.tab), expected([1, 1, 5, 5], 2, 1), atol=5e-4)
        assert not opened.tab.locator("button").is_visible()


@pytest.mark.parametrize("x", [[[1, 2]], [], np.ones(7)])
def test_only_a_short_vector_is_taken(x):
    with pytest.raises(ValueError, match="normalize: x must be a vector of 1 to 6 numbers"):
        normalize(x)
