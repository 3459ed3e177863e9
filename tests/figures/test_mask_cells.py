import numpy as np
import pytest

from attention_book.figures import paint_mask
from attention_book.figures.shares import percents
from tests.figures.samples import CAUSAL, SCORES, WORDS, softmax
from tests.figures.test_browser import show

__all__ = ["show"]
SHOWN = """e => [...e.querySelectorAll(".af-cell i")]
    .map(cell => +getComputedStyle(cell).getPropertyValue("--share"))"""


def shown(tab):
    return np.reshape(tab.locator("figure").evaluate(SHOWN), (4, 4)).tolist()


def expected(mask):
    return percents(softmax(SCORES / 4, mask), mask).tolist()


def verdict(tab):
    return " ".join(tab.locator(".af-verdict").inner_text().split())


@pytest.mark.parametrize("scripts", [True, False])
def test_every_cell_by_key_and_every_row_true(show, scripts):
    mask = CAUSAL.copy()
    with show(paint_mask(WORDS, SCORES / 4).html, scripts=scripts) as opened:
        assert shown(opened.tab) == expected(mask)
        for i, j in np.ndindex(4, 4):
            opened.tab.locator(f".x{i}{j}").focus()
            opened.tab.keyboard.press("Space")
            mask[i, j] = not mask[i, j]
            assert shown(opened.tab) == expected(mask)


def test_the_verdict_names_what_leaks_and_who_is_blind(show):
    with show(paint_mask(WORDS, SCORES / 4).html) as opened:
        assert verdict(opened.tab) == "No word sees a later one."
        opened.tab.locator(".x01").click()
        assert verdict(opened.tab) == "The future leaks: robot sees must."
        opened.tab.locator(".x01").click()
        opened.tab.locator(".x00").click()
        assert verdict(opened.tab).startswith("robot sees nothing: all its weights are 0.")


def test_presets_paint_all_cells(show):
    with show(paint_mask(WORDS, SCORES / 4).html) as opened:
        masks = {"full": CAUSAL | True, "window": CAUSAL & ~np.tri(4, k=-2, dtype=bool)}
        for name, mask in masks.items():
            opened.tab.get_by_role("button", name=name).click()
            assert shown(opened.tab) == expected(mask)


def test_a_wrong_share_is_noticed(show):
    html = paint_mask(WORDS, SCORES / 4).html
    assert "--s10:48" in html
    with show(html.replace("--s10:48", "--s10:47")) as opened:
        assert shown(opened.tab) != expected(CAUSAL)


@pytest.mark.parametrize("words, scores", [(WORDS, np.ones((3, 4))), ([*WORDS, "now"], None)])
def test_other_sizes_are_refused(words, scores):
    with pytest.raises(ValueError, match="paint_mask: expected at most 4 words and scores"):
        paint_mask(words, scores)
