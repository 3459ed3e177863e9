import numpy as np
import pytest

from attention_book.tasks import IGNORED, copying

from .learner import Reader, learn, promised, skill

ROW = np.array([[3, 1, 4, 1, 5]])


def answers(task):
    return task.pose(ROW, None)[1][0].tolist()


def test_answers_by_hand():
    assert answers(copying.this_token(5)) == [3, 1, 4, 1, 5]
    assert answers(copying.previous_token(5)) == [IGNORED, 3, 1, 4, 1]
    assert answers(copying.next_token(5)) == [1, 4, 1, 5, IGNORED]
    assert answers(copying.neighbors(5)) == [[IGNORED, 1], [3, 4], [1, 1], [4, 5], [1, IGNORED]]


@pytest.mark.parametrize("make", [copying.previous_token, copying.next_token, copying.neighbors])
def test_a_guess_is_right_one_time_in_ten(make):
    assert abs(make().baseline() - 0.1) < 0.02


def test_sizes_can_be_chosen():
    inputs, _ = copying.previous_token(length=7, n_symbols=3).train(20, 0)
    assert inputs.shape == (20, 7)
    assert set(inputs.flatten().tolist()) == {0, 1, 2}


@pytest.mark.parametrize(
    ("make", "heads", "n_answers"),
    [(copying.this_token, 1, 1), (copying.previous_token, 1, 1), (copying.next_token, 1, 1),
     (copying.neighbors, 2, 2)],
)  # fmt: skip
def test_one_layer_learns_it(make, heads, n_answers):
    task = make()
    model = learn(
        lambda: Reader(task, 10, heads=heads, answers=n_answers),
        task,
        **promised(copying, steps=100, size=64),
        rate=1e-2,
    )
    assert skill(model, task) >= 0.99


def test_the_next_token_stays_hidden_behind_a_causal_mask():
    task = copying.next_token()
    model = learn(lambda: Reader(task, 10, causal=True), task, steps=100)
    assert skill(model, task) < 0.2
