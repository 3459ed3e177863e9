import re

import numpy as np
import pytest

from attention_book import counting
from attention_book.figures import cache_memory
from tests.figures.samples import cache_memory as sample
from tests.figures.test_browser import show

__all__ = ["show"]
SHARES = """e => [...e.querySelectorAll(".af-weighed li")]
    .map(bar => +getComputedStyle(bar).getPropertyValue("--share"))"""


def expected(model, words, texts, each):
    layers, heads, width, _, parameters = sample().sizes[model]
    shape = (2, texts, words, heads, width, layers)
    return np.array([np.prod(shape, dtype=np.int64) * each, parameters * each])


def told(tab):
    said = tab.locator(".af-weighed em").all_inner_texts()
    return [text.removesuffix(" MiB") for text in said], tab.locator("figure").evaluate(SHARES)


def agrees(tab, *state):
    sizes = expected(*state)
    texts, shares = told(tab)
    return texts == [f"{size / 2**20:,.1f}" for size in sizes] and np.allclose(
        shares, 100 * sizes / sizes.max(), atol=0.006
    )


def test_bytes_follow_by_mouse_and_by_keys(show):
    with show(sample().html) as opened:
        tab = opened.tab
        assert agrees(tab, 0, 1024, 1, 2)
        tab.locator(".af-m label").nth(1).click()
        assert agrees(tab, 1, 2048, 1, 2), "a longer reader is shown with its own full text"
        tab.locator(".af-b label").first.click()
        texts = tab.locator(".af-range input").nth(1)
        texts.focus()
        for _ in range(19):
            tab.keyboard.press("ArrowRight")
        assert agrees(tab, 1, 2048, 20, 4)
        assert "The cache is heavier" in tab.locator("output").inner_text()
        tab.locator(".af-range input").first.focus()
        tab.keyboard.press("ArrowLeft")
        assert agrees(tab, 1, 1024, 20, 4)
        tab.locator(".af-m label").nth(2).click()
        assert agrees(tab, 2, 64, 20, 4), "a shorter reader cannot keep the length"


def test_a_wrong_size_is_noticed(show):
    with show(sample().html.replace('"sizes":[[12,12', '"sizes":[[12,13', 1)) as opened:
        assert not agrees(opened.tab, 0, 1024, 1, 2)


def test_without_a_script_the_start_is_drawn_and_nothing_pretends_to_move(show):
    with show(sample().html, scripts=False) as opened:
        assert agrees(opened.tab, 0, 1024, 1, 2)
        assert not opened.tab.locator("input").first.is_visible()


def test_the_bytes_are_those_of_the_library():
    figure = sample()
    row = repr(figure).splitlines()[2]
    assert f"{counting.cache_bytes(1024, 768, 12) / 2**20:,.1f}" in row
    assert row.endswith(" 7")


def test_an_odd_length_is_refused():
    with pytest.raises(ValueError, match=re.escape("cache_memory: 'x' reads 1000 words")):
        cache_memory({"x": (1, 1, 1, 1000, 1)})
