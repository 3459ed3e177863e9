import numpy as np
import pytest
import torch

from attention_book import Config
from attention_book.figures import wirings
from attention_book.models import Transformer
from attention_book.models.wirings import LayerToLayer, Mean, Reversed
from tests.figures.samples import WORDS
from tests.figures.samples import wirings as sample
from tests.figures.test_browser import show

__all__ = ["show"]
KINDS = [Transformer, LayerToLayer, Reversed, Mean]


def shares():
    """What each wiring of the library makes of one number for each layer of the encoder."""
    outputs = list(torch.eye(3)[:, None, None])
    model = Transformer(Config(vocab_size=4, max_len=4, d_model=4, n_heads=1, n_layers=3))
    memories = {kind.__name__: kind.memories(model, outputs) for kind in KINDS}
    return {name: torch.stack([*found])[:, 0, 0] for name, found in memories.items()}


def told(tab):
    cells = tab.locator(".af-shares td[style]:visible").all_inner_texts()
    return np.array(cells, dtype=float), tab.locator(".af-wires path:visible").count()


def agrees(tab, matrix):
    cells, arrows = told(tab)
    same = np.allclose(cells, matrix.numpy().ravel(), atol=5e-4)
    return same and arrows == np.count_nonzero(matrix)


def test_arrows_and_matrix_are_those_of_the_library(show):
    with show(wirings(shares()).html, scripts=False) as opened:
        opened.tab.locator(".w0").focus()
        for matrix in shares().values():
            assert agrees(opened.tab, matrix)
            opened.tab.keyboard.press("ArrowRight")
        opened.tab.locator("fieldset label").nth(2).click()
        assert agrees(opened.tab, shares()["Reversed"])


def test_a_missing_arrow_is_noticed(show):
    with show(wirings(shares()).html.replace('<path d="M98', '<b d="M98', 1)) as opened:
        assert not agrees(opened.tab, shares()["Transformer"])


def test_one_wiring_needs_no_choice(show):
    with show(wirings({"one": [[0.5, 0.5]]}).html) as opened:
        assert told(opened.tab)[1] == 2


@pytest.mark.parametrize("matrix", [[[1, 1]], [1]])
def test_other_matrices_are_refused(matrix):
    with pytest.raises(ValueError, match="wirings: each needs a matrix of shares"):
        wirings({"one": matrix})


def test_labels_are_escaped():
    assert "<b>word" not in sample(["<b>word", *WORDS[1:]]).html
