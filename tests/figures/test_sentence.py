import re

import numpy as np
import pytest

from attention_book.figures import sentence
from attention_book.figures.fonts import text_width
from attention_book.figures.sentence import LAYOUTS, LEAST
from attention_book.figures.shares import percents
from tests.figures.samples import CAUSAL, WORDS, random_heads
from tests.figures.test_browser import show

__all__ = ["show"]
WEIGHTS = random_heads(1)[0]
SHARES = """e => [...e.querySelectorAll(".af-wide .af-t")]
    .map(word => +getComputedStyle(word).getPropertyValue("--share") || 0)"""
CURVES = """e => [...e.querySelectorAll(".af-wide g")]
    .map(group => getComputedStyle(group).opacity)"""


def shown(tab):
    return tab.locator("figure").evaluate(SHARES)


def expected(word):
    return np.maximum(percents(WEIGHTS)[word], 0).tolist()


def test_each_word_shows_its_row_by_keyboard_and_by_pointer(show):
    with show(sentence(WORDS, WEIGHTS, word=0).html) as opened:
        opened.tab.locator(".q0").focus()
        for word in range(4):
            assert shown(opened.tab) == expected(word)
            opened.tab.keyboard.press("ArrowRight")
        opened.tab.locator(".af-wide .af-t2").hover()
        assert shown(opened.tab) == expected(2)
        opened.tab.locator(".af-wide .af-t3").click()
        opened.tab.locator("h1").hover()
        assert shown(opened.tab) == expected(3)
        opened.tab.wait_for_timeout(500)
        assert opened.tab.locator("figure").evaluate(CURVES) == ["0", "0", "0", "1"]


def test_a_wrong_share_is_noticed(show):
    html = sentence(WORDS, WEIGHTS, word=0).html
    with show(html.replace("{--share:", "{--share:1", 1)) as opened:
        assert shown(opened.tab) != expected(0)


def test_a_curve_is_drawn_for_each_share_that_can_be_seen():
    drawn = len(re.findall("<path d=", sentence(WORDS, WEIGHTS).html))
    seen = percents(WEIGHTS) >= LEAST
    assert drawn == len(LAYOUTS) * (seen.sum() - np.trace(seen))


def test_a_masked_word_has_no_share():
    html = sentence(WORDS, WEIGHTS, mask=CAUSAL).html
    assert len(re.findall(r"\{--share:\d", html)) == CAUSAL.sum()


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_words_stay_on_the_page_and_apart(layout):
    words = 7 * WORDS
    boxes = list(layout.boxes(words, 12))
    assert all(x >= 0 and x + wide <= layout.width for x, _, wide in boxes)
    lines = [y for _, y, _ in boxes]
    assert lines == sorted(lines)
    assert len(set(lines)) > 1


def test_a_long_word_is_wider_than_a_short_one():
    assert 0 < text_width("it", 20) < text_width("orders", 20)
    assert text_width("M\N{ROBOT FACE}", 20) == text_width("MM", 20)


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"sentence: 4 words need weights of shape \(4, 4\), got"):
        sentence(WORDS, np.ones((3, 4)) / 4)
