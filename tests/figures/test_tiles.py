import math
import re

import numpy as np
import pytest

from attention_book import examples
from attention_book.figures import tiles
from tests.figures.samples import softmax
from tests.figures.test_browser import show

__all__ = ["show"]
SCORES = examples.KEYS @ examples.QUERIES[-1] / 2
NAMES = ["machine", "command"]
SHARES = """e => [...e.querySelectorAll(".af-out li")]
    .map(bar => +getComputedStyle(bar).getPropertyValue("--share") / 100)"""


def sample(**more):
    return tiles(examples.WORDS, SCORES, examples.VALUES, NAMES, **more)


def expected(tile, read, rescale=True):
    """By NumPy: softmax over what was read, or each tile against a maximum of its own time."""
    seen = slice(0, tile * read)
    if rescale:
        return softmax(SCORES[seen]) @ examples.VALUES[seen]
    tops = np.maximum.accumulate(SCORES)[[min(i // tile * tile + tile, 9) - 1 for i in range(9)]]
    powers = np.exp(SCORES - tops)[seen]
    return powers @ examples.VALUES[seen] / powers.sum()


def told(tab):
    return tab.locator("figure").evaluate(SHARES)


def test_the_output_so_far_follows_by_keys_and_mouse(show):
    with show(sample().html) as opened:
        tab = opened.tab
        size, read = (tab.locator(".af-range input").nth(i) for i in (0, 1))
        assert told(tab) == pytest.approx(expected(2, 2))
        read.focus()
        tab.keyboard.press("ArrowRight")
        assert told(tab) == pytest.approx(expected(2, 3))
        assert tab.locator(".af-tiles .now").all_inner_texts() == ["obey\n0", "the\n1"]
        assert tab.locator("output").inner_text() == "3 of 9 words are still to come."
        tab.keyboard.press("End")
        assert told(tab) == pytest.approx(softmax(SCORES) @ examples.VALUES)
        assert "the output is that of softmax" in tab.locator("output").inner_text()
        tab.locator("label:has(.r1)").click()
        wrong = expected(2, 5, rescale=False)
        assert told(tab) == pytest.approx(wrong)
        off = abs(wrong - softmax(SCORES) @ examples.VALUES).max()
        assert f"off by {off:.3f}." in tab.locator("output").inner_text()
        size.focus()
        tab.keyboard.press("End")
        assert read.get_attribute("max") == "1"
        assert told(tab) == pytest.approx(softmax(SCORES) @ examples.VALUES), "one tile is right"
        read.focus()
        tab.keyboard.press("Home")
        assert told(tab) == [0, 0]
        assert "Nothing is read yet" in tab.locator(".af-sum").inner_text()


def test_the_script_says_what_the_cell_drew(show):
    for read in range(6):
        with show(sample(read=read).html) as opened:
            assert opened.tab.locator(".af-sum").inner_text() == sample(read=read).sentence()
        with show(sample(read=read).html, scripts=False) as opened:
            assert opened.tab.locator(".af-sum").inner_text() == sample(read=read).sentence()
            assert not opened.tab.locator("input").first.is_visible()


def test_a_wrong_score_is_noticed(show):
    with show(sample().html.replace('"scores":[0.0,1.0', '"scores":[0.0,1.5', 1)) as opened:
        assert told(opened.tab) != pytest.approx(expected(2, 2))


@pytest.mark.parametrize("tile", range(1, 10))
def test_every_tile_size_ends_at_softmax(tile):
    state = list(sample().states(tile))[-1]
    assert len(list(sample().states(tile))) == math.ceil(9 / tile) + 1
    assert state.top == SCORES.max()
    assert state.total == pytest.approx(np.exp(SCORES - SCORES.max()).sum())
    np.testing.assert_allclose(
        np.array(state.mixed) / state.total, softmax(SCORES) @ examples.VALUES
    )


@pytest.mark.parametrize(
    "change", [{"scores": SCORES[:3]}, {"values": SCORES}, {"names": "abc"}, {"words": ["a"]}]
)
def test_what_does_not_fit_is_refused(change):
    right = {"words": examples.WORDS, "scores": SCORES, "values": examples.VALUES, "names": NAMES}
    with pytest.raises(ValueError, match=r"tiles: \d words? and \d names? need|tiles: \d words"):
        tiles(**right | change)


def test_values_and_places_outside_are_refused():
    with pytest.raises(ValueError, match="tiles: values must lie between 0 and 1"):
        tiles(examples.WORDS, SCORES, 2 * examples.VALUES, NAMES)
    with pytest.raises(ValueError, match="and tile from 1 to 9"):
        sample(tile=10)
    with pytest.raises(ValueError, match=re.escape("tiles: read is 6")):
        sample(read=6)
