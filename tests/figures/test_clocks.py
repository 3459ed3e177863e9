import numpy as np
import pytest
import torch

from attention_book import sinusoidal
from attention_book.figures import clocks
from tests.figures.test_browser import show

__all__ = ["show"]
SPEEDS = 10000 ** (-np.arange(0, 32, 2) / 32)
CODES = sinusoidal(64, 32, dtype=torch.float64).numpy()
TIPS = """e => [...e.querySelectorAll("li")].map(clock => [".m", ".n"].map(hand => {
    const style = getComputedStyle(clock.querySelector(hand));
    return parseFloat(style.rotate) * (style.rotate.endsWith("rad") ? 1 : Math.PI / 180);
}))"""


@pytest.fixture
def figure():
    return clocks(SPEEDS, 64, first=5, second=9)


def shown(tab):
    """The two places, their codes as the hands show them, and the dot product that is said."""
    tab.wait_for_timeout(300)
    places = [int(field.input_value()) for field in tab.locator("input").all()]
    angles = np.array(tab.locator("figure").evaluate(TIPS))
    codes = np.stack([np.sin(angles), np.cos(angles)]).transpose(2, 1, 0).reshape(2, -1)
    said = tab.locator("output").inner_text().rsplit(maxsplit=1)[-1].replace("−", "-")
    return places, codes, float(said)


def follows(tab):
    places, codes, said = shown(tab)
    right = np.allclose(codes, CODES[places], atol=1e-4)
    return right and said == round(CODES[places[0]] @ CODES[places[1]], 2)


def test_hands_and_dot_product_follow_by_keys_and_by_mouse(show, figure):
    with show(figure.html) as opened:
        tab = opened.tab
        assert follows(tab)
        tab.locator("input").last.focus()
        tab.keyboard.press("ArrowRight")
        tab.keyboard.press("ArrowRight")
        assert shown(tab)[0] == [5, 11]
        assert follows(tab)
        box = tab.locator("input").first.bounding_box()
        tab.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
        assert shown(tab)[0][0] > 50
        assert follows(tab)


def test_both_move_by_one_and_the_dot_product_stays(show, figure):
    with show(figure.html) as opened:
        _, before, dot = shown(opened.tab)
        opened.tab.get_by_text("both one on").click()
        places, after, same = shown(opened.tab)
        assert (places, same) == ([6, 10], dot)
        assert not np.allclose(before, after, atol=0.1)
        assert follows(opened.tab)


def test_neither_moves_beyond_the_last_place(show):
    with show(clocks(SPEEDS, 64, first=5, second=63).html) as opened:
        opened.tab.get_by_text("both one on").click()
        assert shown(opened.tab)[0] == [5, 63]


def test_a_wrong_speed_is_noticed(show, figure):
    with show(figure.html.replace('--speed:1"', '--speed:1.1"', 1)) as opened:
        assert not follows(opened.tab)
    with show(figure.html.replace('"speeds":[1.0', '"speeds":[1.1', 1)) as opened:
        assert not follows(opened.tab)


def test_the_point_lies_on_the_curve(show, figure):
    with show(figure.html) as opened:
        dot = opened.tab.locator(".af-plot i").bounding_box()
        plot = opened.tab.locator(".af-plot svg").bounding_box()
        x = (dot["x"] + dot["width"] / 2 - plot["x"]) / plot["width"]
        y = (dot["y"] + dot["height"] / 2 - plot["y"]) / plot["height"]
        assert [x, y] == pytest.approx([67 / 126, 1 - CODES[5] @ CODES[9] / 16], abs=0.02)


def test_without_a_script_the_start_is_drawn_and_nothing_pretends_to_move(show, figure):
    with show(figure.html, scripts=False) as opened:
        angles = opened.tab.locator("figure").evaluate(TIPS)
        assert np.allclose(angles, np.outer(SPEEDS, [5, 9]), atol=1e-4)
        assert not opened.tab.locator("input").first.is_visible()
        assert opened.tab.locator("output").inner_text() == figure.says()


@pytest.mark.parametrize("speeds, second", [(SPEEDS, 64), (SPEEDS, -1), ([], 1)])
def test_places_that_there_are_not_are_refused(speeds, second):
    with pytest.raises(ValueError, match="clocks: expected speeds and two places from 0 to 63"):
        clocks(speeds, 64, second=second)
