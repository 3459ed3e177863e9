import pytest

from attention_book.train import constant, cosine
from attention_book.train.schedule import factor


def test_the_rate_rises_in_a_line_and_falls_in_a_cosine():
    rates = [factor(cosine, step, 14, 4) for step in range(14)]
    assert rates[:5] == [0.25, 0.5, 0.75, 1, 1]
    assert rates[9] == pytest.approx(0.5)
    assert 0 < rates[-1] < 0.05
    assert [factor(constant, step, 3, 0) for step in range(3)] == [1, 1, 1]
