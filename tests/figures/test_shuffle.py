import re

import numpy as np
import pytest
import torch

from attention_book import attention
from attention_book.figures import shuffle
from tests.figures.samples import WORDS
from tests.figures.samples import shuffle as sample
from tests.figures.test_browser import show

__all__ = ["show"]
VECTORS, CODES = (np.array(sample().data()[name]) for name in ("vectors", "codes"))


def expected(order, codes):
    """What the library's attention makes of the words in this order, by word."""
    x = torch.tensor(VECTORS[order] + codes)
    return attention(x, x, x).numpy()[np.argsort(order)]


def shown(tab):
    """The words from left to right, the numbers of each word, and which of them are marked."""
    columns = tab.locator(".af-words>div")
    tab.wait_for_timeout(500)
    left = columns.evaluate_all("all => all.map(e => e.getBoundingClientRect().left)")
    numbers = [
        [float(n.replace("−", "-")) for n in column.locator("li").all_inner_texts()]
        for column in columns.all()
    ]
    changed = [text == "changed" for text in columns.locator("em").all_inner_texts()]
    return np.argsort(left).tolist(), np.array(numbers), changed


def same(numbers, vectors):
    return np.allclose(numbers, vectors[:, :4], atol=0.0051)


def test_vectors_travel_with_their_words_until_codes_are_added(show):
    with show(sample().html) as opened:
        tab = opened.tab
        tab.locator("button").first.click()
        order, numbers, changed = shown(tab)
        assert order == [1, 0, 2, 3]
        assert same(numbers, expected([0, 1, 2, 3], 0 * CODES))
        assert same(numbers, expected(order, 0 * CODES))
        assert not any(changed)
        tab.locator("input").focus()
        tab.keyboard.press("Space")
        tab.locator("button").last.focus()
        tab.keyboard.press("Enter")
        order, numbers, changed = shown(tab)
        assert order == [1, 0, 3, 2]
        assert same(numbers, expected(order, CODES))
        assert not same(numbers, expected([0, 1, 2, 3], CODES))
        assert all(changed)


def test_the_text_says_by_how_much(show):
    with show(sample().html) as opened:
        opened.tab.locator("input").check()
        opened.tab.locator("button").nth(1).click()
        gaps = abs(expected([0, 2, 1, 3], CODES) - expected([0, 1, 2, 3], CODES))
        said = opened.tab.locator("output").inner_text()
        assert said.startswith("robot obey must orders: 4 of 4")
        assert float(re.search(r"by up to (\d+\.\d\d)", said)[1]) == round(gaps.max(), 2)


def test_a_wrong_vector_is_noticed(show):
    html = sample().html.replace('"vectors":[[', '"vectors":[[9', 1)
    with show(html) as opened:
        assert not same(shown(opened.tab)[1], expected([0, 1, 2, 3], 0 * CODES))


def test_without_a_script_the_given_order_is_drawn(show):
    with show(sample().html, scripts=False) as opened:
        order, numbers, changed = shown(opened.tab)
        assert order == [0, 1, 2, 3]
        assert same(numbers, expected(order, 0 * CODES))
        assert not any(changed)
        assert not opened.tab.locator("button").first.is_visible()


@pytest.mark.parametrize("shapes", [((4, 3), (4, 2)), ((3, 2), (3, 2)), ((4,), (4,))])
def test_other_shapes_are_refused(shapes):
    with pytest.raises(ValueError, match=r"shuffle: 4 words, at most 5, need .* \(4, D\), got"):
        shuffle(WORDS, *map(np.ones, shapes))
