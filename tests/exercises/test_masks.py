import pytest
import torch

from attention_book.exercises import masks
from attention_book.masks import window_mask


def window(n, back):
    distance = torch.arange(n)[:, None] - torch.arange(n)
    return (distance >= 0) & (distance <= back)


WRONG_ROWS = {
    (0.31, 0.35, 0.34): "four shares",
    (0.239, 0.267, 0.265, 0.229): "exactly 0",
    (0.239, 0.267, 0.265, 0): "add up to 1",
    (0.24, 0.38, 0.37, 0): "divide the scores by 4 first",
    (0.215, 0.398, 0.386, 0): "powers of e",
    (1 / 3, 1 / 3, 1 / 3, 0): "differ",
}
WRONG_WINDOWS = {
    "two keys in all": (lambda n, back: window(n, back - 1) | (window(n, 0)), "too narrow"),
    "one too many": (lambda n, back: window(n, back + 1), "too far back"),
    "both sides": (lambda n, back: window(n, back) | window(n, back).mT, "future is open"),
    "numbers": (lambda n, back: window(n, back).float(), "bool tensor"),
    "the library's": (window_mask, "write it yourself"),
    "one size": (lambda n, back: window(6, 2), "5 queries down"),
    "nothing": (lambda n, back: None, "return"),
}


def test_the_row():
    assert masks.row([1.142 / 3.688, 1.278 / 3.688, 1.268 / 3.688, 0])
    assert masks.row([0.31, 0.35, 0.34, 0])


@pytest.mark.parametrize("answer", WRONG_ROWS)
def test_wrong_rows(answer):
    assert WRONG_ROWS[answer] in repr(masks.row(list(answer)))


def test_the_window():
    assert masks.window(window)


@pytest.mark.parametrize("name", WRONG_WINDOWS)
def test_wrong_windows(name):
    answer, says = WRONG_WINDOWS[name]
    assert says in repr(masks.window(answer))
