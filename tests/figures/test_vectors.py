import numpy as np
import pytest

from attention_book.figures import stream, vectors
from tests.figures.samples import WORDS
from tests.figures.samples import stream as walk
from tests.figures.samples import vectors as sample
from tests.figures.test_browser import show

__all__ = ["show"]
HEIGHTS = """e => [...e.querySelectorAll(".af-strips i")]
    .map(bar => +getComputedStyle(bar).getPropertyValue("--v"))"""
LENGTHS = "e => [...e.querySelectorAll('.af-lane em')].map(cell => +cell.textContent)"


def told(tab, what=HEIGHTS):
    return tab.locator("figure").evaluate(what)


def expected(layer, way):
    state = np.random.default_rng(1).normal(size=(2, 3, 4, 5))[layer, way]
    return np.round(100 * state / abs(state).max()).ravel().tolist()


def walked(word, step):
    """The vectors before, added and after, and all lengths of the word."""
    after = np.random.default_rng(2).normal(size=(4, 3, 5)).cumsum(axis=1)[word]
    before = np.vstack([np.zeros(5), after[:-1]])
    rows = np.stack([before, after - before, after], axis=1)
    heights = np.round(100 * rows / abs(rows).max())[step].ravel().tolist()
    return heights, np.linalg.norm(rows, axis=-1)[:, 1:].round(3).ravel().tolist()


def test_bars_follow_each_choice_by_mouse_and_by_keys(show):
    with show(sample(chosen=(1, 2)).html) as opened:
        tab = opened.tab
        assert told(tab) == expected(1, 2)
        tab.locator(".af-a label").first.click()
        assert told(tab) == expected(0, 2)
        tab.keyboard.press("Tab")
        tab.keyboard.press("ArrowLeft")
        assert told(tab) == expected(0, 1)
        assert tab.locator("output").inner_text() == "n 1"


def test_a_wrong_height_is_noticed(show):
    html = sample().html.replace('"states":[[', '"states":[[1', 1)
    with show(html) as opened:
        assert told(opened.tab) != expected(0, 0)


@pytest.mark.parametrize("make", [sample, walk])
def test_without_a_script_the_start_is_drawn_and_nothing_pretends_to_change(show, make):
    with show(make().html, scripts=False) as opened:
        assert told(opened.tab) == make().heights()[make().state].ravel().tolist()
        assert not opened.tab.locator(".af-a input").first.is_visible()


def test_a_walk_shows_what_each_step_adds(show):
    with show(walk(chosen=(1, 0)).html) as opened:
        tab = opened.tab
        assert (told(tab), told(tab, LENGTHS)) == walked(1, 0)
        tab.locator(".af-lane").nth(1).click()
        assert (told(tab), told(tab, LENGTHS)) == walked(1, 1)
        tab.keyboard.press("ArrowDown")
        assert (told(tab), told(tab, LENGTHS)) == walked(1, 2)
        tab.locator(".af-a label").nth(3).click()
        assert (told(tab), told(tab, LENGTHS)) == walked(3, 2)
        assert "it says orders." in tab.locator("output").inner_text()


@pytest.mark.parametrize("shape, says", [((2, 3, 4), 6), ((2, 2, 4, 5), 4), ((2, 3, 4, 5), 5)])
def test_states_that_do_not_fit_are_refused(shape, says):
    with pytest.raises(ValueError, match=r"vectors: groups of \(2, 3\) options and 4 rows"):
        vectors(np.ones(shape), WORDS, {"a": "xy", "b": "xyz"}, ["."] * says)


@pytest.mark.parametrize("shape, read", [((2, 3), ["ab", "ab"]), ((2, 2, 5), ["ab"])])
def test_a_walk_that_does_not_fit_is_refused(shape, read):
    with pytest.raises(ValueError, match="stream: 2 words and 2 steps need states of shape"):
        stream(np.ones(shape), "xy", "ab", read)


def test_labels_are_escaped():
    for make in (sample, walk):
        assert "<b>word" not in make(["<b>word", *WORDS[1:]]).html
