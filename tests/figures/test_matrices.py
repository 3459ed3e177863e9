import re

import numpy as np
import pytest
from bs4 import BeautifulSoup

from attention_book.figures.matrices import matrices
from attention_book.figures.shares import percents
from tests.figures.samples import CAUSAL, SCORES, WORDS, softmax
from tests.figures.test_browser import show

__all__ = ["show"]
HIDDEN = np.where(CAUSAL, SCORES / 4, -np.inf)
PARTS = {"scores": SCORES / 4, "hidden": HIDDEN, "shares": softmax(HIDDEN)}
LIT = """e => [...e.querySelectorAll(".af-matrix")].map(matrix =>
    [...matrix.querySelectorAll(".af-row")].findIndex(
        row => getComputedStyle(row).outlineStyle === "solid") - 1)"""


def sample(**more):
    return matrices(PARTS, WORDS, mask=CAUSAL, says=[f"It is {w}." for w in WORDS], **more)


def radios(tab):
    """The names of all radio buttons, as a screen reader has them."""
    nodes = tab.context.new_cdp_session(tab).send("Accessibility.getFullAXTree")["nodes"]
    return [n["name"]["value"] for n in nodes if n.get("role", {}).get("value") == "radio"]


def written(matrix):
    return [[i["data-n"] for i in row.select("i")] for row in matrix.select(".af-row:not(.af-top)")]


def test_every_number_is_numpys():
    scores, hidden, shares = BeautifulSoup(sample().html, "html.parser").select(".af-matrix")
    expected = [[f"{x:.3f}".rstrip("0").rstrip(".") for x in row] for row in SCORES / 4]
    expected[1][1:3] = ["0.125", "0.075"]
    assert written(scores) == expected
    for i, j in np.ndindex(4, 4):
        assert written(hidden)[i][j] == (expected[i][j] if CAUSAL[i, j] else "−∞")
    percent = [int(n) for n in re.findall(r"--share:(-?\d+)", str(shares))]
    assert np.reshape(percent, (4, 4)).tolist() == percents(PARTS["shares"], CAUSAL).tolist()


def test_only_shares_are_shaded():
    for part in BeautifulSoup(sample().html, "html.parser").select(".af-matrix"):
        assert ("--share" in str(part)) == ("af-written" in part["class"])
    cut = {"cut after softmax": softmax(SCORES) * CAUSAL}
    assert "af-written" not in matrices(cut, WORDS).live()


def test_one_row_lights_in_all_by_key_and_by_click(show):
    with show(sample(word=0).html) as opened:
        figure = opened.tab.locator("figure")
        assert figure.evaluate(LIT) == [0, 0, 0]
        opened.tab.locator(".q0").focus()
        opened.tab.keyboard.press("ArrowRight")
        assert figure.evaluate(LIT) == [1, 1, 1]
        figure.locator(".af-matrix").nth(1).locator(".r3 i").nth(2).click()
        assert figure.evaluate(LIT) == [3, 3, 3]
        assert figure.get_by_text("It is orders.").is_visible()
        assert not figure.get_by_text("It is must.").is_visible()


def test_buttons_are_called_by_their_words_alone(show):
    with show(sample().html) as opened:
        assert radios(opened.tab) == WORDS


def test_a_row_that_lights_nowhere_is_noticed(show):
    with show(sample(word=0).html.replace(" r1", " r9")) as opened:
        opened.tab.locator(".q1").check()
        assert opened.tab.locator("figure").evaluate(LIT) != [1, 1, 1]


@pytest.mark.parametrize("width, names", [(375, 3), (1280, 1)])
def test_rows_are_named_once_where_matrices_stand_abreast(show, width, names):
    with show(sample().html, width=width) as opened:
        heads = opened.tab.locator(".r0 > span:first-child").all()
        assert [head.is_visible() for head in heads].count(True) == names


@pytest.mark.parametrize(
    "parts, more",
    [
        ({}, {}),
        ({"a": np.eye(4), "b": np.eye(3)}, {}),
        ({"a": np.eye(4)}, {"says": ["one"]}),
    ],
)
def test_what_does_not_fit_is_refused(parts, more):
    with pytest.raises(ValueError, match=r"matrices: 4 words and 4 keys, at most 12, need parts"):
        matrices(parts, WORDS, **more)


def test_too_many_keys_are_refused():
    with pytest.raises(ValueError, match="13 keys, at most 12"):
        matrices({"a": np.eye(13)}, list("abcdefghijklm"))
