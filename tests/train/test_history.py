import pytest

from attention_book.train import History


def test_the_history_is_a_table_with_two_decimals():
    history = History([4, 2, 1, 1, 0.333], {2: 0.5, 4: 1})
    assert repr(history).split("\n") == [
        "  step   loss  score",
        "     2   3.00   0.50",
        "     4   1.00   1.00",
        "     5   0.33",
    ]
    assert repr(History([0.5])).split("\n") == ["  step   loss", "     1   0.50"]
    assert repr(History()) == "  step   loss"


@pytest.mark.parametrize("history", [History([3, 2, 1], {3: 0.5}), History([3, 2]), History()])
def test_the_history_is_a_picture(history):
    assert history._repr_png_().startswith(b"\x89PNG")
    axes = history.figure().axes
    assert [a.get_ylabel() for a in axes] == ["loss", "score"][: 1 + bool(history.scores)]
    assert list(axes[0].lines[0].get_ydata()) == history.losses
