import numpy as np
import pytest
import torch

from attention_book.tasks import sorting

from .learner import Translator, learn, promised, skill


@pytest.mark.parametrize(
    ("make", "answer"), [(sorting.reverse, [5, 1, 4, 1, 3]), (sorting.sort, [1, 1, 3, 4, 5])]
)
def test_answers_by_hand(make, answer):
    (source, so_far), target = make(5).pose(np.array([[3, 1, 4, 1, 5]]), None)
    assert source.tolist() == [[3, 1, 4, 1, 5]]
    assert target.tolist() == [answer]
    assert sorting.tokens.decode(so_far[0]) == " ".join(["<start>", *map(str, answer[:-1])])


def test_the_decoder_reads_what_it_was_asked_one_step_before():
    for make in (sorting.reverse, sorting.sort):
        (_, so_far), target = make().train(50, 0)
        assert torch.equal(so_far[:, 1:], target[:, :-1])


def test_sorted_digits_are_easier_to_guess_than_reversed_ones():
    assert sorting.reverse().baseline() < 0.15 < 0.3 < sorting.sort().baseline() < 0.4


@pytest.mark.parametrize("make", [sorting.reverse, sorting.sort])
def test_an_encoder_and_a_decoder_learn_it(make):
    task = make()
    model = learn(
        lambda: Translator(task, 8, 8),
        task,
        **promised(sorting, steps=200, size=64),
        rate=1e-2,
    )
    assert skill(model, task) >= 0.99
