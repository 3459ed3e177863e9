import pytest
import torch

from attention_book import checks
from attention_book.exercises import masks
from attention_book.masks import causal_mask, padding_mask, window_mask
from tests.exercises.answers import refused


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
    (..., ..., ..., ...): "replace the dots",
}
WRONG_WINDOWS = {
    "two keys in all": (lambda n, back: window(n, back - 1) | (window(n, 0)), "too narrow"),
    "one too many": (lambda n, back: window(n, back + 1), "too far back"),
    "both sides": (lambda n, back: window(n, back) | window(n, back).mT, "future is open"),
    "numbers": (lambda n, back: window(n, back).float(), "bool tensor"),
    "the library's": (window_mask, "write it yourself"),
    "one size": (lambda n, back: window(6, 2), "5 queries down"),
    "nothing": (lambda n, back: None, "return"),
    "dots": (lambda n, back: ..., "replace the dots"),
}


def test_the_row():
    assert masks.row([1.142 / 3.688, 1.278 / 3.688, 1.268 / 3.688, 0])
    assert masks.row([0.31, 0.35, 0.34, 0])


@pytest.mark.parametrize("answer", WRONG_ROWS)
def test_wrong_rows(answer):
    assert WRONG_ROWS[answer] in repr(masks.row(list(answer)))


def test_the_window():
    assert masks.window(window)


test_wrong_windows = refused(masks.window, WRONG_WINDOWS)


def leaks(f, x, tokens=None, rows=lambda y, j: y[:j], copy=torch.clone, same=torch.equal):
    before = f(x)
    for j in range(1, len(x)) if tokens is None else tokens:
        other = copy(x)
        other[j] += 1
        if not same(rows(before, j), rows(f(other), j)):
            return True
    return False


def seen_by_the_library(f, x):
    try:
        checks.causal(f, x)
    except AssertionError:
        return True
    return False


WRONG_TESTS = {
    "all rows": (lambda f, x: leaks(f, x, rows=lambda y, j: y), "accuses an honest layer"),
    "the row of the token": (lambda f, x: leaks(f, x, rows=lambda y, j: y[: j + 1]), "accuses"),
    "row 0 only": (lambda f, x: leaks(f, x, rows=lambda y, j: y[:1]), "row 3 reads token 4"),
    "token 1 only": (lambda f, x: leaks(f, x, [1]), "row 0 reads token 4 only"),
    "the last token only": (lambda f, x: leaks(f, x, [4]), "row 0 reads token 1"),
    "nearly equal": (lambda f, x: leaks(f, x, same=torch.allclose), "a billionth"),
    "no copy": (lambda f, x: leaks(f, x, copy=lambda y: y), "change a copy"),
    "always": (lambda f, x: True, "accuses an honest layer"),
    "never": (lambda f, x: False, "misses a layer"),
    "the library's": (seen_by_the_library, "write it yourself"),
    "nothing": (lambda f, x: None, "return"),
    "dots": (lambda f, x: ..., "replace the dots"),
}


def test_the_leaks():
    assert masks.leaks(leaks)


test_wrong_tests_for_leaks = refused(masks.leaks, WRONG_TESTS)


def left(lengths, n):
    return causal_mask(n) & padding_mask(lengths, n).flip(-1)


WRONG_LEFTS = {
    "padding on the right": (lambda s, n: causal_mask(n) & padding_mask(s, n), "padding on the le"),
    "not causal": (lambda s, n: padding_mask(s, n).flip(-1), "& the causal mask"),
    "not causal, square": (
        lambda s, n: padding_mask(s, n).flip(-1).expand(-1, -1, n, n),
        "the future is open",
    ),
    "one sentence": (lambda s, n: causal_mask(n), "one mask for each sentence"),
    "joined by or": (lambda s, n: causal_mask(n) | padding_mask(s, n).flip(-1), "is open"),
    "all flipped": (lambda s, n: left(s, n).flip(-1), "is open"),
    "itself only": (lambda s, n: left(s, n) & torch.eye(n).bool(), "real word before a query"),
    "one size": (lambda s, n: left(torch.tensor([2, 4]), 4), "of shape (3, 1, 5, 5)"),
    "numbers": (lambda s, n: left(s, n).int(), "bool tensor"),
    "nothing": (lambda s, n: None, "return"),
    "dots": (lambda s, n: ..., "replace the dots"),
}


def test_padding_on_the_left():
    assert masks.left(left)
    assert masks.left(lambda lengths, n: left(lengths, n) | torch.eye(n).bool())


test_wrong_padding_on_the_left = refused(masks.left, WRONG_LEFTS)


def documents(document):
    return causal_mask(len(document)) & (document[:, None] == document)


WRONG_DOCUMENTS = {
    "not causal": (lambda d: d[:, None] == d, "the future is open"),
    "causal only": (lambda d: causal_mask(len(d)), "reads another"),
    "earlier documents too": (
        lambda d: causal_mask(len(d)) & (d[:, None] >= d),
        "reads another",
    ),
    "itself only": (lambda d: torch.eye(len(d)).bool(), "own document is hidden"),
    "one size": (lambda d: documents(torch.tensor([0, 0, 0, 1, 1])), "4 queries down"),
    "numbers": (lambda d: documents(d).int(), "bool tensor"),
    "nothing": (lambda d: None, "return"),
    "dots": (lambda d: ..., "replace the dots"),
}


def test_the_documents():
    assert masks.documents(documents)


test_wrong_documents = refused(masks.documents, WRONG_DOCUMENTS)
