import numpy as np
import pytest

from attention_book.figures import maps
from tests.figures.samples import WORDS, K, Q
from tests.figures.samples import maps as sample
from tests.figures.test_browser import show

__all__ = ["show"]
X = np.array([[1, 1, 0], [0, 0, 1], [2, 0, -1], [0, 0, 0]])
MAPS = [Q, K, np.array([[1, 0, -2], [0.5, 1, 0]])]
NAMES = {"places": WORDS, "contents": "xy"}
LIT = """e => [...e.querySelectorAll(".af-grid3 i")].filter(
    cell => getComputedStyle(cell).getPropertyValue("--lit") == 1).map(cell => cell.className)"""


def told(tab, kind):
    """What the figure says map and word make, and the sum that it gives for it."""
    block = tab.locator(f".af-{kind}")
    made = [float(e.inner_text().replace("−", "-")) for e in block.locator("strong").all()]
    return made, block.locator("p:visible").last.inner_text()


def check(tab, t):
    for kind, w in zip(["query", "key", "value"], MAPS, strict=True):
        made, said = told(tab, kind)
        assert made == (X[t] @ w.T).tolist()
        total = said.replace("−", "-").rpartition("(")[2].rstrip(")").split()
        assert [*map(float, total)] == made
    lit = set(tab.locator("figure").evaluate(LIT))
    assert lit == {f"m{j}" for j in X[t].nonzero()[0]}


@pytest.mark.parametrize("scripts", [True, False])
def test_every_word_by_keyboard_is_its_row_times_each_map(show, scripts):
    with show(sample(word=0).html, scripts=scripts) as opened:
        opened.tab.locator(".w0").focus()
        for t in range(4):
            check(opened.tab, t)
            opened.tab.keyboard.press("ArrowRight")


def test_a_click_chooses_and_another_word_is_noticed(show):
    with show(sample(word=0).html) as opened:
        opened.tab.locator("label:has(.w2)").click()
        check(opened.tab, 2)
        with pytest.raises(AssertionError):
            check(opened.tab, 1)


def test_sums_name_only_the_columns_that_count():
    figure = sample()
    assert figure.terms(2, 2) == "2·(1 0.500) + −1·(−2 0) = (4 1)"
    assert figure.terms(0, 1) == "(0 1 2 0.500)"
    assert figure.terms(0, 3) == "no mark = (0 0 0 0)"


@pytest.mark.parametrize(
    "arrays, names, match",
    [
        ((X, Q, K, Q[:, :2]), NAMES, r"maps: the names need x, w_q, w_k, w_v of \[\(4, 3\)"),
        ((X, Q, K, MAPS[2]), NAMES | {"places": "abc"}, r"\(3, 3\), \(3, 3\), \(2, 3\)\], got"),
        ((X, Q, K, MAPS[2]), NAMES | {"word": "nobody"}, "maps: word is 'nobody'"),
    ],
)
def test_what_does_not_fit_is_refused(arrays, names, match):
    with pytest.raises(ValueError, match=match):
        maps(*arrays, WORDS, "abc", **names)
