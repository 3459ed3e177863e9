"""Counted chances, against brute force."""

from collections import Counter

import numpy as np
import pytest

from attention_book.ngrams import NGrams

ROWS = np.random.default_rng(0).integers(1, 6, size=(40, 7))
ROWS[::3, 5:] = 0  # padding


def brute(rows, n, size, text):
    """The same chances, from the texts, without a table."""
    chances = np.full(size, 1 / size)
    texts = [[i for i in row if i] for row in rows.tolist()]
    for k in range(min(n, len(text) + 1)):
        stretch = text[len(text) - k :]
        found = Counter(
            t[e] for t in texts for e in range(1, len(t)) if e >= k and t[e - k : e] == stretch
        )
        if not found:
            break
        kinds, total = len(found), sum(found.values())
        chances = np.array([
            (found[i] + kinds * p) / (total + kinds) for i, p in enumerate(chances)
        ])
    return chances


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_chances_equal_brute_force(n):
    counted, rng = NGrams(ROWS, n, 6), np.random.default_rng(1)
    for length in range(6):
        text = rng.integers(1, 6, size=length).tolist()
        np.testing.assert_allclose(counted.chances(text), brute(ROWS, n, 6, text), rtol=1e-12)


def test_chances_sum_to_one_and_none_is_zero():
    chances = NGrams(ROWS, 3, 9).chances([1, 2])
    assert chances.sum() == pytest.approx(1)
    assert (chances > 0).all()


def test_nothing_counted_is_even():
    assert NGrams(np.zeros((0, 4), int), 3, 4).chances([1, 2]).tolist() == [0.25] * 4


def test_padding_is_not_learned():
    assert NGrams(ROWS, 1, 6).chances([])[0] == min(NGrams(ROWS, 1, 6).chances([]))


def test_written_texts_begin_and_end_and_repeat_by_seed():
    counted = NGrams(ROWS, 3, 6)
    twice = [counted.write(30, 0.7, np.random.default_rng(4), start=1, most=8) for _ in range(2)]
    assert twice[0] == twice[1]
    for text in twice[0]:
        assert text[0] == 1
        assert 1 not in text[1:-1]
        assert text[-1] == 1 or len(text) == 9


@pytest.mark.parametrize("temperature", [0.01, 0.0001])
def test_a_low_temperature_takes_the_most_likely(temperature):
    counted = NGrams(ROWS, 2, 6)
    text = counted.write(1, temperature, np.random.default_rng(0), start=1, most=5)[0]
    assert all(counted.chances(text[:i]).argmax() == text[i] for i in range(1, len(text)))


@pytest.mark.bad_input
def test_bad_input_is_named():
    with pytest.raises(IndexError, match="NGrams: ids must go from 0 to 4"):
        NGrams(ROWS, 2, 5)
    with pytest.raises(ValueError, match="NGrams: n must be at least 1, got 0"):
        NGrams(ROWS, 0, 6)
    with pytest.raises(TypeError, match="NGrams: rows must be a ndarray, got list"):
        NGrams([[1]], 1, 6)
    with pytest.raises(ValueError, match=r"NGrams\.write: temperature must be positive"):
        NGrams(ROWS, 1, 6).write(1, 0.0, np.random.default_rng(0), start=1, most=3)
