"""The memory that all tensors take together, counted while a function runs."""

import pytest
import torch

from attention_book.counting import peak_bytes


def test_what_is_dropped_counts_no_more():
    def in_turn():
        for n in (30, 10, 20):
            torch.ones(n)

    assert peak_bytes(in_turn) == 4 * 30


def test_what_is_kept_adds_up_and_views_are_free():
    def kept():
        x = torch.ones(10, 10)
        return x, x + 1, x.view(100)[:50], x.mT, x.add_(1)

    assert peak_bytes(kept) == 2 * 400


def test_what_was_there_before_is_not_counted():
    x = torch.ones(1000)
    assert peak_bytes(lambda: x.view(10, 100)[0]) == 0
    assert peak_bytes(lambda: x * 2) == 4000


def test_what_waits_for_the_backward_pass_is_held():
    x = torch.ones(100, requires_grad=True)

    def powers():
        return x.exp().exp().exp()

    with torch.no_grad():
        assert peak_bytes(powers) == 800
    assert peak_bytes(powers) == 1200


def test_only_a_function_is_measured():
    with pytest.raises(TypeError, match="peak_bytes: f must be a function"):
        peak_bytes(torch.ones(1))
