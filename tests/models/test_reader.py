from typing import get_args

import pytest
import torch

from attention_book import checks, fit
from attention_book.models.reader import Kind, Reader, rounds

from .drawn import randomized


def test_texts_go_round_and_are_known_from_the_second_on():
    ids, targets, known = rounds(50, 40, 3)
    assert torch.equal(ids[:, 1:], targets[:, :-1])
    for text, sure in zip(torch.cat((ids, targets[:, -1:]), 1), known, strict=True):
        period = int((~sure).sum())
        assert 5 <= period <= 12
        assert torch.equal(text[period:], text[:-period])
    assert all(torch.equal(a, b) for a, b in zip(rounds(5, 9, 1), rounds(5, 9, 1), strict=True))
    assert not torch.equal(rounds(5, 9, 1)[0], rounds(5, 9, 2)[0])


@pytest.mark.parametrize("kind", get_args(Kind))
def test_each_kind_is_causal(kind):
    checks.causal(randomized(Reader(kind)), rounds(2, 8, 0)[0])


def test_equal_tokens_look_alike_unless_their_vectors_say_where():
    same = torch.zeros(1, 6, dtype=torch.int64)
    for kind in get_args(Kind):
        logits = randomized(Reader(kind))(same)
        alike = torch.allclose(logits, logits[:, :1].expand_as(logits))
        assert alike == (kind != "learned")  # equal values mix to one value in the first layer


def test_it_learns():
    torch.manual_seed(0)
    model = Reader("rotary")
    losses = fit(model, (rounds(32, 24, i)[:2] for i in range(60)), 60, lr=3e-3).losses
    assert sum(losses[-5:]) < 0.95 * sum(losses[:5])


@pytest.mark.bad_input
def test_other_kinds_are_refused(refused):
    with refused(ValueError, "Reader: kind must be one of rotary, rotary in layer 1", "sinus"):
        Reader("sinus")
