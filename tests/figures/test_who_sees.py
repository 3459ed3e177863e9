import numpy as np
import pytest

from attention_book.figures import who_sees
from tests.figures.samples import CAUSAL, WORDS
from tests.figures.samples import who_sees as sample
from tests.figures.test_browser import show

__all__ = ["show"]
CELLS = """e => {
    const share = cell => Math.abs(+getComputedStyle(cell).getPropertyValue("--share"));
    return [...e.querySelectorAll(".af-row:not(.af-top)")].filter(row => row.offsetHeight)
        .map(row => [...row.querySelectorAll("i")].map(i => i.className === "no" ? -2 : share(i)));
}"""
MASKS = {"decoder": CAUSAL, "encoder": np.ones((4, 4), bool)}


def expected(name):
    mask = MASKS[name]
    shares = np.floor(100 * mask / mask.sum(axis=1, keepdims=True) + 0.5)
    return np.where(mask, shares, -2).tolist()


def told(tab):
    return tab.locator("figure").evaluate(CELLS)


def test_cells_follow_the_choice_by_keys_and_by_mouse(show):
    with show(sample(chosen="decoder").html, scripts=False) as opened:
        tab = opened.tab
        assert told(tab) == expected("decoder")
        tab.locator(".m0").focus()
        tab.keyboard.press("ArrowRight")
        assert told(tab) == expected("encoder")
        assert "16 of 16 cells" in tab.locator(".af-says:visible").inner_text()
        tab.locator("fieldset label").first.click()
        assert told(tab) == expected("decoder")


@pytest.mark.parametrize("old, new", [("class=no ", ""), ("--share:50", "--share:51")])
def test_a_wrong_cell_is_noticed(show, old, new):
    html = sample(chosen="decoder").html.replace(f"<i {old}", f"<i {new}", 1)
    html = html.replace(f"<i style={old}", f"<i style={new}", 1)
    with show(html) as opened:
        assert told(opened.tab) != expected("decoder")


@pytest.mark.parametrize("mask, says", [(~CAUSAL, ["a"]), (CAUSAL, [])])
def test_masks_that_do_not_fit_are_refused(mask, says):
    with pytest.raises(ValueError, match="who_sees: 1 masks need as many sentences"):
        who_sees({"a": mask}, WORDS, says)


def test_labels_are_escaped():
    assert "<b>word" not in sample(["<b>word", *WORDS[1:]]).html
