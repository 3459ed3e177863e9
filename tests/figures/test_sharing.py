import re

import pytest
import torch

from attention_book import KVCache, MultiHeadAttention
from attention_book.counting import count_bytes
from attention_book.figures import sharing
from tests.figures.test_browser import show

__all__ = ["show"]


@pytest.mark.parametrize("kv_heads", [8, 4, 2, 1])
def test_the_numbers_are_those_that_the_library_keeps(kv_heads):
    layer, cache = MultiHeadAttention(64, 8, n_kv_heads=kv_heads), KVCache(1)
    with torch.no_grad():
        layer(torch.zeros(1, 1, 64), cache=cache)
    figure = sharing(8, 8)
    i = figure.names.index(str(kv_heads))
    assert 4 * figure.kept(i) == count_bytes(cache.k, cache.v)


def test_all_divisors_and_a_latent():
    figure = sharing(6, 4, latent=10, chosen="2")
    assert figure.names == ["6", "3", "2", "1", "one latent"]
    assert [figure.kept(i) for i in range(5)] == [48, 24, 16, 8, 10]
    assert "2 × 2 × 4 = 16 numbers for a token" in figure.alternative()
    assert figure.html.count('class="af-shared af-keys"') == 4
    assert repr(figure).splitlines()[-1].split() == ["one", "latent", "10", "20.8"]


@pytest.mark.parametrize("sizes", [(0, 4), (8, 0), (8, 2.5), (8, 4, 0)])
def test_sizes_are_refused(sizes):
    latent = {"latent": sizes[2]} if len(sizes) > 2 else {}
    with pytest.raises(ValueError, match=r"sharing: (n_heads|width|latent) must be an int"):
        sharing(*sizes[:2], **latent)


def test_an_unknown_choice_is_refused():
    with pytest.raises(ValueError, match=re.escape("sharing: chosen is '3'")):
        sharing(8, 8, chosen="3")


def test_boxes_follow_by_mouse_and_by_keys(show):
    with show(sharing(8, 8, latent=16).html) as opened:
        tab = opened.tab
        boxes = tab.locator(".af-keys:visible b")
        assert boxes.count() == 8
        tab.locator(".af-g label").nth(2).click()
        assert boxes.all_inner_texts() == ["k1", "k2"]
        tab.keyboard.press("ArrowRight")
        assert boxes.count() == 1
        tab.keyboard.press("ArrowRight")
        assert boxes.count() == 0
        assert tab.locator(".af-latents b").inner_text() == "latent, 16"
        assert tab.locator(".af-querys b").count() == 8
