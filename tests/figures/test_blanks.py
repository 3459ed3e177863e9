import numpy as np
import pytest

from attention_book.figures import blanks
from tests.figures.samples import CAUSAL, WORDS, random_heads
from tests.figures.samples import blanks as sample
from tests.figures.test_browser import show

__all__ = ["show"]
OPEN = np.ones((4, 4), bool)
SHARES = random_heads(2, keys=6)
PIECES = list("uvwxyz")
BARS = """e => [...e.querySelectorAll(".af-bars li")].filter(li => li.offsetHeight)
    .map(li => [li.querySelector("span").textContent,
                +getComputedStyle(li).getPropertyValue("--share")])"""
HATCHED = """e => [...e.querySelectorAll(".af-b label")]
    .map(label => getComputedStyle(label).backgroundImage !== "none")"""


def expected(reader, word):
    row = SHARES[reader, word]
    best = np.argsort(-row)[:4]
    return [[PIECES[j], np.floor(100 * row[j] + 0.5)] for j in best]


def bars(tab):
    return tab.locator("figure").evaluate(BARS)


def hatched(tab):
    return tab.locator("figure").evaluate(HATCHED)


def test_answers_and_hatching_follow_mouse_and_keys(show):
    with show(sample().html, scripts=False) as opened:
        tab = opened.tab
        assert bars(tab) == expected(0, 0)
        assert hatched(tab) == [False] * 4
        tab.locator(".m1").focus()
        tab.keyboard.press("Space")
        assert hatched(tab) == [False, True, True, True]
        tab.locator("fieldset.af-b label").nth(2).click()
        assert bars(tab) == expected(1, 2)
        assert hatched(tab) == [False, False, False, True]
        assert "robot must [MASK] …" in tab.locator(".af-says:visible").inner_text()


@pytest.mark.parametrize("old", ['<li style="--share:', "label:nth-of-type("])
def test_a_wrong_number_or_hatching_is_noticed(show, old):
    with show(sample(reader=1, word=2).html.replace(old, f"{old}1")) as opened:
        right = bars(opened.tab) == expected(1, 2)
        assert not (right and hatched(opened.tab) == [False, False, False, True])


def test_equal_answers_keep_the_order_of_the_pieces():
    even = np.tile([1 / 3 + 1e-9, 1 / 3, 1 / 3 + 2e-9], (4, 1))
    shown = repr(blanks(WORDS, {"even": (OPEN, even)}, "cab", most=2))
    assert "c 33, a 33" in shown


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"blanks: 4 words and 6 pieces need shares of shape"):
        blanks(WORDS, {"a": (OPEN, SHARES[0][:, :5])}, PIECES)
    with pytest.raises(ValueError, match=r"blanks: mask must be bool of shape \(4, 4\)"):
        blanks(WORDS, {"a": (CAUSAL[:3], SHARES[0])}, PIECES)
    with pytest.raises(ValueError, match="blanks: word is 'me', expected one of"):
        sample(word="me")


def test_labels_are_escaped():
    assert "<b>word" not in sample(["<b>word", *WORDS[1:]]).html
