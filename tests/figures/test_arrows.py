import re

import numpy as np
import pytest
import torch

from attention_book import rotate
from attention_book.figures import arrows
from tests.figures.test_browser import show

__all__ = ["show"]
SPEEDS = 10_000 ** (-np.arange(4) / 4)
Q, K = np.random.default_rng(0).normal(size=(2, 4, 2))
TIPS = """e => [...e.querySelectorAll("li")].map(pair => [".query", ".key"].map(hand => {
    const style = getComputedStyle(pair.querySelector(hand));
    return parseFloat(style.rotate) * (style.rotate.endsWith("rad") ? 1 : Math.PI / 180);
}))"""


@pytest.fixture
def figure():
    return arrows(Q, K, SPEEDS, 64, query=9, key=5)


def score(m, n):
    """By the library: the two numbers of a pair stand half a width apart."""
    q, k = (torch.from_numpy(x.T.reshape(1, 8).copy()) for x in (Q, K))
    return (rotate(q, torch.tensor([m])) @ rotate(k, torch.tensor([n])).T).item()


def shown(tab):
    tab.wait_for_timeout(300)
    places = [int(field.input_value()) for field in tab.locator("input").all()]
    angles = np.array(tab.locator("figure").evaluate(TIPS))
    said = tab.locator("output").inner_text().rsplit(maxsplit=1)[-1].replace("−", "-")
    return places, angles, float(said)


def follows(tab):
    (m, n), angles, said = shown(tab)
    starts = np.stack([np.arctan2(x[:, 1], x[:, 0]) for x in (Q, K)], axis=1)
    expected = starts + np.outer(SPEEDS, [m, n])
    parts = [float(x.replace("−", "-")) for x in tab.locator("li b").all_inner_texts()]
    right = np.allclose(np.exp(1j * angles), np.exp(1j * expected), atol=1e-3)
    return right and abs(said - score(m, n)) < 0.006 and abs(sum(parts) - said) < 0.03


def test_numbers_are_the_librarys(figure):
    assert figure.score(4) == pytest.approx(score(9, 5))
    assert figure.score(np.array([-3, 0])) == pytest.approx([score(2, 5), score(7, 7)])
    assert figure.parts(4).sum() == pytest.approx(figure.score(4))


def test_arrows_and_score_follow_by_keys_and_by_mouse(show, figure):
    with show(figure.html) as opened:
        tab = opened.tab
        assert follows(tab)
        tab.locator("input").first.focus()
        tab.keyboard.press("ArrowRight")
        tab.keyboard.press("ArrowRight")
        assert shown(tab)[0] == [11, 5]
        assert follows(tab)
        box = tab.locator("input").last.bounding_box()
        tab.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
        assert shown(tab)[0][1] > 50
        assert follows(tab)


def test_both_move_by_one_and_the_score_stays(show, figure):
    with show(figure.html) as opened:
        _, before, first = shown(opened.tab)
        opened.tab.get_by_text("both one on").click()
        places, after, same = shown(opened.tab)
        assert (places, same) == ([10, 6], first)
        assert not np.allclose(before, after, atol=0.1)
        assert follows(opened.tab)
        opened.tab.get_by_text("both one back").click()
        assert shown(opened.tab)[0] == [9, 5]


def test_neither_moves_beyond_the_last_place(show):
    with show(arrows(Q, K, SPEEDS, 64, query=63, key=5).html) as opened:
        opened.tab.get_by_text("both one on").click()
        assert shown(opened.tab)[0] == [63, 5]


def test_a_wrong_speed_is_noticed(show, figure):
    with show(figure.html.replace('--speed:1"', '--speed:1.1"', 1)) as opened:
        assert not follows(opened.tab)
    with show(figure.html.replace('"speeds":[1.0', '"speeds":[1.1', 1)) as opened:
        assert not follows(opened.tab)


def test_the_point_lies_on_the_curve(show, figure):
    with show(figure.html) as opened:
        dot = opened.tab.locator(".af-plot i").bounding_box()
        plot = opened.tab.locator(".af-plot svg").bounding_box()
        low, most = (int(re.search(rf"--{x}:(-?\d+)", figure.html)[1]) for x in ("low", "most"))
        x = (dot["x"] + dot["width"] / 2 - plot["x"]) / plot["width"]
        y = (dot["y"] + dot["height"] / 2 - plot["y"]) / plot["height"]
        expected = [67 / 126, (most - score(9, 5)) / (most - low)]
        assert [x, y] == pytest.approx(expected, abs=0.02)


def test_without_a_script_the_start_is_drawn_and_nothing_pretends_to_move(show, figure):
    with show(figure.html, scripts=False) as opened:
        assert not opened.tab.locator("input").first.is_visible()
        assert opened.tab.locator("output").inner_text() == figure.says()


@pytest.mark.parametrize(
    "change",
    [{"query": 64}, {"key": -1}, {"speeds": []}, {"q": Q[:3]}, {"k": K.T}, {"speeds": np.ones(9)}],
    ids=repr,
)
def test_other_shapes_and_places_are_refused(change):
    given = {"q": Q, "k": K, "speeds": SPEEDS, "places": 64} | change
    with pytest.raises(ValueError, match="arrows: expected q and k of shape"):
        arrows(**given)
