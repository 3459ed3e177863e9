import numpy as np
import pytest
import torch

from attention_book.tasks import overwriting


@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize("pairs", [1, 5, 64])
def test_the_answer_is_what_was_said_last(pairs, twice):
    (keys, values, asked), answers = overwriting.draw(20, pairs, twice, 0)
    assert keys.shape == values.shape == (20, pairs * (1 + twice))
    assert asked.shape == answers.shape == (20, 8)
    for text in zip(keys, values, asked, answers, strict=True):
        last = dict(zip(*(x.tolist() for x in text[:2]), strict=True))
        assert [last[key] for key in text[2].tolist()] == text[3].tolist()


def test_a_key_stands_once_in_each_round():
    (keys, _, _), _ = overwriting.draw(50, 12, True, 1)
    assert torch.equal(keys[:, :12], keys[:, 12:])
    assert all(len(set(row.tolist())) == 12 for row in keys[:, :12])


def test_half_of_a_chance_is_17_of_32():
    (_, values, asked), answers = overwriting.draw(4000, 4, True, 2)
    (keys, _, _), _ = overwriting.draw(4000, 4, True, 2)
    place = (keys[:, None, :4] == asked[..., None]).int().argmax(-1)
    first = values.gather(1, place)
    right = (0.5 * (first == answers) + 0.5).mean()
    assert abs(right - 17 / 32) < 0.005


def test_batches_follow_their_seed_and_have_both_kinds():
    made = list(overwriting.batches(40, 3, size=2))
    again = list(overwriting.batches(40, 3, size=2))
    assert all(torch.equal(a[0][0], b[0][0]) for a, b in zip(made, again, strict=True))
    lengths = [inputs[0].shape[1] for inputs, _ in made]
    assert max(lengths) > 32
    assert min(lengths) < 32


@pytest.mark.bad_input
@pytest.mark.parametrize(("pairs", "twice"), [(0, False), (65, False), (2.5, False), (3, 1)])
def test_what_cannot_be_drawn_is_refused(pairs, twice):
    with pytest.raises((ValueError, TypeError), match=r"^draw: "):
        overwriting.draw(2, pairs, twice, np.random.default_rng(0))
