from itertools import product

import numpy as np
import pytest

from attention_book.figures import switches
from attention_book.figures.shares import percents
from tests.figures.test_browser import show

__all__ = ["show"]
PARTS, SKILLS = ["one", "two", "three"], ["before", "after"]
SHARES = np.random.default_rng(3).random((2, 2, 2, 2))
SHOWN = """e => [...e.querySelectorAll(".af-bars li")]
    .map(bar => +getComputedStyle(bar).getPropertyValue("--share"))"""


def sample(**more):
    return switches(PARTS, SKILLS, SHARES, **more)


def shown(tab):
    return tab.locator("figure").evaluate(SHOWN)


@pytest.mark.parametrize("scripts", [True, False])
def test_every_state_by_key_is_numpys(show, scripts):
    with show(sample().html, scripts=scripts) as opened:
        for state in product([1, 0], repeat=3):
            for part, on in enumerate(state):
                box = opened.tab.locator(f".x{part}")
                box.focus()
                if box.is_checked() != on:
                    opened.tab.keyboard.press("Space")
            assert shown(opened.tab) == percents(SHARES[state]).tolist()


def test_a_click_on_the_name_switches_its_part(show):
    with show(sample().html) as opened:
        opened.tab.get_by_text("two").first.click()
        assert shown(opened.tab) == percents(SHARES[1, 0, 1]).tolist()


def test_what_is_off_at_the_start_is_off_and_said(show):
    figure = sample(off=["two"])
    with show(figure.html) as opened:
        assert [box.is_checked() for box in opened.tab.locator("input").all()] == [
            True,
            False,
            True,
        ]
        assert shown(opened.tab) == percents(SHARES[1, 0, 1]).tolist()
    assert "With one, three: before" in figure.alternative()


def test_the_table_has_every_state():
    rows = [line.rsplit(maxsplit=2) for line in repr(sample()).splitlines()[2:]]
    assert [row[0] for row in rows][:2] == ["one, two, three", "one, two"]
    assert [row[0] for row in rows][-1] == "none"
    expected = [percents(SHARES[state]).tolist() for state in product([1, 0], repeat=3)]
    assert [[int(n) for n in row[1:]] for row in rows] == expected


def test_a_wrong_share_is_noticed(show):
    html = sample().html
    right = percents(SHARES[1, 1, 1]).tolist()
    with show(html.replace(f"--s0:{right[0]};--s1:{right[1]}", "--s0:1;--s1:1")) as opened:
        assert shown(opened.tab) != right


def test_what_guessing_gets_is_marked(show):
    with show(sample(floor=0.1).html) as opened:
        bar = opened.tab.locator(".af-bars b").first.bounding_box()
        mark = opened.tab.locator(".af-bars u").first.bounding_box()
        assert mark["x"] + mark["width"] / 2 == pytest.approx(bar["x"] + bar["width"] / 10, abs=1.5)


@pytest.mark.parametrize("shares", [SHARES[0], np.zeros((2, 2, 2, 3))])
def test_another_shape_is_refused(shares):
    with pytest.raises(ValueError, match=r"switches: 3 parts, at most 5, and 2 skills need"):
        switches(PARTS, SKILLS, shares)


def test_an_unknown_part_is_refused():
    with pytest.raises(ValueError, match="switches: off is 'four', expected one of 'one'"):
        sample(off=["four"])


def test_six_parts_are_refused():
    with pytest.raises(ValueError, match="switches: 6 parts, at most 5"):
        switches("abcdef", ["skill"], np.zeros((2,) * 6 + (1,)))
