import numpy as np
import pytest

from attention_book.figures.cabinet import LOOKUPS, cabinet
from tests.figures.samples import WORDS, K, Q, softmax
from tests.figures.samples import cabinet as sample
from tests.figures.test_browser import show

__all__ = ["show"]
VALUES = np.array([[1, 0], [0, 1], [2, 2], [0, -1]])
OPEN = """e => [...e.querySelectorAll(".af-drawer")]
    .map(drawer => +getComputedStyle(drawer).getPropertyValue("--share"))"""
HARD, SOFT = range(2)


def expected(lookup, ask):
    scores = Q[ask] @ K.T
    best = scores == scores.max()
    return best / best.sum() if lookup == HARD else softmax(scores / np.sqrt(3))


def told(tab):
    """How far each drawer is open, in percent, and what is said to come out."""
    value = tab.locator(".af-out .value:visible").inner_text().replace("−", "-")
    opened = tab.locator("figure").evaluate(OPEN)
    return opened, [float(part.split()[-1]) for part in value.split(", ")]


def check(tab, lookup, ask):
    opened, out = told(tab)
    assert opened == pytest.approx(100 * expected(lookup, ask), abs=0.051)
    assert out == pytest.approx(expected(lookup, ask) @ VALUES, abs=0.00051)


@pytest.mark.parametrize("scripts", [True, False])
def test_every_lookup_by_keyboard(show, scripts):
    with show(sample(ask=0, lookup=HARD).html, scripts=scripts) as opened:
        for lookup in (HARD, SOFT):
            opened.tab.locator(".q0").focus()
            for ask in range(4):
                check(opened.tab, lookup, ask)
                opened.tab.keyboard.press("ArrowRight")
            opened.tab.locator(".m0").focus()
            opened.tab.keyboard.press("ArrowRight")


def test_a_drawer_opens_as_far_as_its_share(show):
    widths = "e => [...e.querySelectorAll('u')].map(u => [u, u.firstChild].map(x => x.clientWidth))"
    with show(sample(ask=1).html) as opened:
        opened.tab.emulate_media(reduced_motion="reduce")
        drawers = np.array(opened.tab.locator("figure").evaluate(widths))
        shares = drawers[:, 1] / (drawers[:, 0] - 14)
        assert shares == pytest.approx(expected(SOFT, 1), abs=0.01)


def test_equal_labels_share_a_hard_lookup(show):
    names = {"places": "abc", "contents": "xy", "lookup": HARD, "ask": 0}
    with show(cabinet(Q * 0, WORDS, K, VALUES, WORDS, **names).html) as opened:
        assert told(opened.tab)[0] == [25, 25, 25, 25]


def test_a_click_chooses_and_the_other_state_is_noticed(show):
    with show(sample(ask=0).html) as opened:
        opened.tab.locator("label:has(.q2)").click()
        check(opened.tab, SOFT, 2)
        with pytest.raises(AssertionError):
            check(opened.tab, SOFT, 1)


def test_the_text_has_both_lookups():
    text = repr(sample())
    assert f"{expected(SOFT, 0)[0]:.3f}" in text
    assert text.count("asks") == 4
    assert "closed" in sample(lookup=LOOKUPS[HARD]).alternative()


@pytest.mark.parametrize(
    "more, match",
    [
        (
            {"places": "ab"},
            r"4 asking, 4 words, 2 places and 2 contents need",
        ),
        ({"contents": "x"}, r"1 contents need queries, keys and values of shapes"),
        ({"ask": "nobody"}, "cabinet: ask is 'nobody'"),
        ({"lookup": 2}, "cabinet: lookup is 2"),
    ],
)
def test_what_does_not_fit_is_refused(more, match):
    names = {"places": "abc", "contents": "xy"} | more
    with pytest.raises(ValueError, match=match):
        cabinet(Q, WORDS, K, VALUES, WORDS, **names)
