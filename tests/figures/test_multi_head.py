import re

import numpy as np
import pytest
from bs4 import BeautifulSoup

from attention_book import examples, reference
from attention_book.figures.cells import short
from attention_book.figures.multi_head import multi_head
from tests.figures.test_browser import show
from tests.figures.test_matrices import radios

__all__ = ["show"]
WORDS = examples.FOUR_WORDS
Q, K, V = (examples.TOKENS @ W.T for W in (examples.W_Q, examples.W_K, examples.W_V))
W_O = np.array([[1, 1, 0, 0], [0, 1, 1, 0]])
HEADS = [slice(0, 2), slice(2, 4)]
WEIGHTS = [reference.attention_weights(Q[:, part], K[:, part]) for part in HEADS]
BROUGHT = [weights @ V[:, [h]] for h, weights in enumerate(WEIGHTS)]
NUMBERS = "label:not(.af-name)"
LIT = """(e, [numbers, name]) => [...e.querySelectorAll(".af-cells")].map(grid =>
    [...grid.querySelectorAll(numbers)].map(n => +getComputedStyle(n).getPropertyValue(name)))"""


def sample(**more):
    return multi_head(Q, K, V, W_O, WORDS, **more)


def grids(html):
    """Each matrix by its name, as the texts of its cells."""
    found = {}
    for grid in BeautifulSoup(html, "html.parser").select(".af-cells"):
        name = grid.find_previous_sibling("em").text
        found.setdefault(name, []).append([
            cell["data-n"] for cell in grid.select("label:not(.af-name)")
        ])
    return found


def cells(x):
    return [short(n) for n in np.ravel(x)]


def test_every_matrix_is_numpys():
    shown = grids(sample().html)
    assert shown["Q 4 × 4"] == [cells(Q)]
    assert shown["K 4 × 4"] == [cells(K)]
    assert shown["V 4 × 2"] == [cells(V)]
    assert shown["WO 2 × 4"] == [cells(W_O)]
    assert shown["brings 4 × 1"] == [cells(x) for x in BROUGHT]
    assert shown["concat 4 × 2"] == [cells(np.hstack(BROUGHT))]
    for h in (0, 1):
        assert shown[f"head {h + 1} 4 × 4"] == [cells(WEIGHTS[h])]
        assert shown[f"from head {h + 1} 4 × 4"] == [cells(BROUGHT[h] @ W_O[[h]])]
    assert shown["output 4 × 4"] == [cells(np.hstack(BROUGHT) @ W_O)]


def test_a_sentence_cut_in_two_would_be_noticed():
    wrong = reference.attention_weights(Q.reshape(2, 4, 2)[0], K.reshape(2, 4, 2)[0])
    assert grids(sample().html)["head 1 4 × 4"] != [cells(wrong)]


def test_a_head_lights_its_columns_and_its_rows_by_key(show):
    with show(sample(word=1).html) as opened:
        figure = opened.tab.locator("figure")
        opened.tab.locator(".h0").focus()
        for ours in ([1, 1, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1]):
            q, k, v, *_, concat, w_o, _, _, _ = figure.evaluate(LIT, [NUMBERS, "--lit"])
            assert q == k == ours * 4
            assert v == concat == ours[1:3] * 4
            assert w_o == [ours[0]] * 4 + [ours[3]] * 4
            opened.tab.keyboard.press("ArrowRight")


def test_a_word_lights_its_row_and_the_sentence_says_its_numbers(show):
    with show(sample(word=1).html) as opened:
        says = opened.tab.locator(".af-live > [aria-live] > p:visible")
        assert says.inner_text() == (
            "must asks head 1 with (1, 0). The head brings (0.578), and the map turns it into "
            "(0.578, 0.578, 0, 0)."
        )
        opened.tab.locator("label:has(.q2)").click()
        opened.tab.locator("label:has(.h2)").click()
        q = opened.tab.locator("figure").evaluate(LIT, [NUMBERS, "--row"])[0]
        assert q == [0] * 8 + [1] * 4 + [0] * 4
        output = (np.hstack(BROUGHT) @ W_O)[2]
        told = [float(n) for n in re.findall(r"[\d.]*\d", says.inner_text())]
        assert told == pytest.approx(output, abs=5e-4)


def test_a_click_in_a_matrix_chooses_its_head_or_its_word(show):
    with show(sample(word=1).html) as opened:
        cells = opened.tab.locator(".af-cells")
        cells.first.locator(".c1.r0").first.click()
        assert opened.tab.locator(".h1").is_checked()
        cells.nth(3).locator(".r3").first.click()
        assert opened.tab.locator(".q3").is_checked()
        cells.first.locator(".af-name").nth(2).click()
        assert opened.tab.locator(".q2").is_checked()
        assert radios(opened.tab) == ["1", "2", "all", *WORDS]


def test_numbers_are_short_and_right():
    assert [short(x) for x in (0, 1, 0.578, -0.5, 10.5, 0.999, 1.567)] == [
        *("0", "1", ".58", "−.50", "10.50", "1", "1.57")
    ]


@pytest.mark.parametrize(
    "given, more",
    [
        ((Q[:, :3], K, V, W_O), {}),
        ((Q, K, V, W_O.T), {}),
        ((Q, K, V, W_O), {"n_heads": 3}),
        ((np.ones((4, 10)), np.ones((4, 10)), V, W_O), {}),
    ],
)
def test_what_does_not_fit_is_refused(given, more):
    with pytest.raises(ValueError, match=r"multi_head: 4 words and . heads need q and k of shape"):
        multi_head(*given, WORDS, **more)
