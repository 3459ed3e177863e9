import re

import numpy as np
import pytest

from attention_book.figures import bars
from tests.figures.samples import COSINES, WORDS, random_heads
from tests.figures.samples import bars as sample
from tests.figures.test_browser import show

__all__ = ["show"]
SHARES = random_heads(2, 2, keys=4)
CHOICES = {"Mask": ["on", "off"], "Word": WORDS[:2]}
SHOWN = """e => [...e.querySelectorAll(".af-bars li")]
    .map(bar => +getComputedStyle(bar).getPropertyValue("--share"))"""


def shown(tab):
    return tab.locator("figure").evaluate(SHOWN)


def expected(mask, word):
    panels = SHARES[mask, word], COSINES[mask, word]
    return np.round(100 * np.concatenate(panels)).tolist()


def test_each_way_to_choose_has_its_numbers_by_keys_and_by_mouse(show):
    with show(sample().html) as opened:
        for mask in range(2):
            opened.tab.locator(f"label:has(.a{mask})").click()
            opened.tab.locator(".b0").focus()
            for word in range(2):
                assert shown(opened.tab) == expected(mask, word)
                opened.tab.keyboard.press("ArrowRight")


def test_a_wrong_number_is_noticed(show):
    with show(sample().html.replace("--1:", "--1:9", 1)) as opened:
        assert shown(opened.tab) != expected(0, 0)


def test_bars_below_zero_end_in_the_middle(show):
    values = [[0.5, -0.5], [-0.5, 0.5]]
    with show(bars({"cosine": ("ab", values)}, {"Word": "xy"}).html) as opened:
        sides = opened.tab.locator(".af-bars b").evaluate_all(
            "all => all.map(b => parseFloat(getComputedStyle(b, '::before').left) / b.offsetWidth)"
        )
        assert sides == pytest.approx([0.5, 0.25], abs=0.01)


def test_only_the_sentence_of_the_choice_is_seen(show):
    says = [["first", "second"], ["third", "fourth"]]
    figure = bars({"share": (WORDS, SHARES)}, CHOICES, says=says, chosen=(1, 0))
    with show(figure.html) as opened:
        told = opened.tab.locator(".af-told")
        assert told.inner_text() == "third"
        opened.tab.locator("label:has(.b1)").click()
        assert told.inner_text() == "fourth"
    assert "third" in figure.alternative()


def test_the_text_has_every_number_as_it_is_shown_below_the_name_of_its_panel():
    _, first, *lines = repr(sample()).splitlines()
    assert (first, lines[5]) == ("shares", "cosines")
    shares, cosines = ([re.findall(r"[−\d.]+", line) for line in part] for part in parted(lines))
    assert [int(n) for n in shares[0]] == expected(0, 0)[:4]
    written = [f"{x:.2f}".replace("-", "−") for x in COSINES.reshape(4, 4).ravel()]
    assert [n for line in cosines for n in line] == written


def parted(lines):
    """The rows of either panel, without names and headings."""
    return lines[1:5], lines[7:]


def test_tables_and_picture_name_each_of_several_panels_and_not_a_single_one():
    assert re.findall("<caption>(.*?)</caption>", sample().numbers()) == ["shares", "cosines"]
    texts = [text for some in sample().drawing().texts.values() for *_, text in some]
    assert texts.count("shares") == texts.count("cosines") == 1
    alone = bars({"share": (WORDS, SHARES)}, CHOICES, title="One panel")
    assert re.findall("<caption>(.*?)</caption>", alone.numbers()) == ["One panel"]
    assert "share" not in repr(alone)


@pytest.mark.parametrize(
    "panels, choices, message",
    [
        ({"x": (WORDS, np.ones((2, 4)))}, {"a": "xyz"}, r"'x' must have shape \(3, 4\)"),
        ({"x": (WORDS, np.full((2, 4), 2))}, {"a": "xy"}, "between -1 and 1, got .* up to 2"),
        ({"x": (WORDS, np.ones((1, 4)))}, {"a": "x"}, r"two options or more, got groups of \(1,\)"),
        ({}, {}, r"one to 3 groups of two options or more, got groups of \(\)"),
    ],
)
def test_what_does_not_fit_is_refused(panels, choices, message):
    with pytest.raises(ValueError, match=message):
        bars(panels, choices)


def test_a_sentence_too_few_is_refused():
    with pytest.raises(ValueError, match=r"says has shape \(1,\), expected .* \(2,\) ways"):
        bars({"x": ("ab", np.eye(2))}, {"a": "xy"}, says=["one"])
