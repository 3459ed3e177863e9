import numpy as np
import pytest

from attention_book.tasks import IGNORED, recall

from .learner import Reader, learn, promised, skill


def test_answers_are_the_digits_said_with_the_letters():
    inputs, targets = recall.sequence(4).train(200, 0)
    for row, answer in zip(inputs, targets, strict=True):
        words = recall.tokens.decode(row).split()
        said = dict(zip(words[0:8:2], words[1:8:2], strict=True))
        assert len(said) == 4
        assert sorted(words[8:]) == sorted(said)
        assert recall.tokens.decode(answer[8:]).split() == [said[letter] for letter in words[8:]]
        assert (answer[:8] == IGNORED).all()


def test_letters_are_asked_in_another_order_than_they_were_said():
    (pairs, _) = recall.side_by_side().train(200, 0)
    kept = (pairs[:, :5, 0] == pairs[:, 5:, 0]).double().mean().item()
    assert kept == pytest.approx(1 / 5, abs=0.03)


def test_side_by_side_asks_the_same_as_in_sequence():
    (pairs, answers), (row, same) = (
        recall.side_by_side().train(50, 3),
        recall.sequence().train(50, 3),
    )
    assert pairs.shape == (50, 10, 2)
    assert (pairs[:, :5].flatten(1) == row[:, :10]).all()
    assert (pairs[:, 5:, 0] == row[:, 10:]).all()
    assert (pairs[:, 5:, 1] == recall.tokens.ids["?"]).all()
    assert (answers[:, 5:] == same[:, 10:]).all()


@pytest.mark.parametrize("make", [recall.sequence, recall.side_by_side])
@pytest.mark.parametrize("n_pairs", [2, 5, 8])
def test_the_baseline_is_one_of_the_pairs_or_a_lucky_digit(make, n_pairs):
    expected = 1 / n_pairs + (1 - 1 / n_pairs) / 8
    assert abs(make(n_pairs).baseline() - expected) < 0.03


def test_all_letters_can_be_asked():
    letters = np.unique(recall.sequence(8).train(20, 0)[0][:, -8:])
    assert len(letters) == 8


def test_side_by_side_one_head_learns_it():
    task = recall.side_by_side()
    model = learn(lambda: Reader(task, 10), task, **promised(recall, steps=100, size=64), rate=1e-2)
    assert skill(model, task) >= 0.99


def test_in_sequence_two_layers_learn_it():
    task = recall.sequence()
    model = learn(
        lambda: Reader(task, 15, heads=2, layers=2),
        task,
        **promised(recall, steps=1200, size=32),
    )
    assert skill(model, task) >= 0.99
