import hashlib
import random

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils._pytree import tree_leaves

from attention_book import tasks
from attention_book.tasks import IGNORED, Task, accuracy, names
from attention_book.tasks.task import is_held_out

TASKS = {
    "pronouns": tasks.pronouns.task,
    "pronouns_next_word": tasks.pronouns.next_word,
    "this_token": tasks.copying.this_token,
    "previous_token": tasks.copying.previous_token,
    "next_token": tasks.copying.next_token,
    "neighbors": tasks.copying.neighbors,
    "reverse": tasks.sorting.reverse,
    "sort": tasks.sorting.sort,
    "roman": tasks.roman.task,
    "names": names.task,
    "sequence": tasks.recall.sequence,
    "side_by_side": tasks.recall.side_by_side,
    "next_word": tasks.language.next_word,
    "masked": tasks.language.masked,
    "pronoun_on_the_left": tasks.language.pronoun_on_the_left,
    "pronoun_on_the_right": tasks.language.pronoun_on_the_right,
}


FINGERPRINTS = {
    "pronouns": "066766c4bfd7a492",
    "pronouns_next_word": "0246570a1258295b",
    "this_token": "b55d4830c02555ef",
    "previous_token": "1fa3d26d0bfa810c",
    "next_token": "10274b8591c20d43",
    "neighbors": "effa7ea9f7a9c299",
    "reverse": "6d2f8222231a836a",
    "sort": "2052e67073eb770c",
    "roman": "7de3e8cbd0455d9a",
    "names": "d1a1b0f63802e0e2",
    "sequence": "ea7ccdad63ac507a",
    "side_by_side": "434a6fe9f85da8af",
    "next_word": "60b26e6f297a8265",
    "masked": "8136986e56a345b5",
    "pronoun_on_the_left": "6f9405b04518b3a6",
    "pronoun_on_the_right": "28590d4fc07bc858",
}


@pytest.fixture(scope="module", params=TASKS)
def task(request):
    return TASKS[request.param]()


def flat(inputs, targets):
    """All ids of a batch; a mask follows from them."""
    return [x for x in (*tree_leaves(inputs), targets) if x.dtype != torch.bool]


def contents(rows):
    return {row.tobytes() for row in rows}


def fingerprint(task):
    """What a seed gives, as one number that any machine must find again."""
    batch = flat(*task.train(16, 5)) + flat(*task.held_out(16, 5))
    content = b"".join(x.numpy().astype("<i8").tobytes() for x in batch)
    return hashlib.sha256(content).hexdigest()[:16]


def test_training_and_held_out_examples_are_disjoint(task):
    rng = np.random.default_rng(0)
    learned, kept = task.examples(3000, rng, False), task.examples(300, rng, True)
    assert contents(learned).isdisjoint(contents(kept))
    assert all(is_held_out(row) for row in kept)
    assert not any(is_held_out(row) for row in learned)


def test_a_task_that_forgot_to_split_would_be_noticed(task):
    drawn = task.draw(400, np.random.default_rng(0))
    assert 5 < sum(is_held_out(row) for row in drawn) < 90


@pytest.mark.parametrize("name", [name for name in TASKS if name != "masked"])
def test_no_held_out_question_was_asked_in_training(name):
    task = TASKS[name]()
    asked = [flat(*half)[0].numpy() for half in (task.train(3000, 0), task.held_out(300, 0))]
    assert contents(asked[0]).isdisjoint(contents(asked[1]))


def test_a_seed_gives_the_same_data_again_and_another_seed_does_not(task):
    first, again = flat(*task.train(9, 3)), flat(*task.train(9, np.random.default_rng(3)))
    assert all(map(torch.equal, first, again))
    assert not torch.equal(first[0], flat(*task.train(9, 4))[0])


def test_a_generator_goes_on_where_it_was(task):
    rng, batches = np.random.default_rng(3), task.batches(9, 3)
    for _ in range(3):
        assert all(map(torch.equal, flat(*task.train(9, rng)), flat(*next(batches))))


def test_case_40_no_global_generator_is_touched(task):
    before = torch.get_rng_state(), np.random.get_state()[1].tobytes(), random.getstate()  # noqa: NPY002
    task.train(9, 0)
    task.baseline(50)
    after = torch.get_rng_state(), np.random.get_state()[1].tobytes(), random.getstate()  # noqa: NPY002
    assert torch.equal(before[0], after[0])
    assert before[1:] == after[1:]


def test_batches_are_ids_and_targets_of_the_vocabulary(task):
    for half in (task.train, task.held_out):
        *inputs, targets = flat(*half(50, 0))
        assert all(x.dtype == torch.long and len(x) == 50 for x in [*inputs, targets])
        assert all(x.min() >= 0 and x.max() < len(task.tokens) for x in inputs)
        assert ((targets == IGNORED) | ((targets >= 0) & (targets < len(task.tokens)))).all()
        assert (targets != IGNORED).flatten(1).any(1).all()


def test_the_baseline_is_computed_and_leaves_room(task):
    assert 0.03 < task.baseline() < 0.7
    assert task.baseline(500) == task.baseline(500)
    assert abs(task.baseline(500, rng=1) - task.baseline(500, rng=2)) < 0.1


def test_the_baseline_is_that_of_held_out_examples_alone():
    def pose(rows, rng):
        return rows, np.array([[is_held_out(row)] for row in rows]).astype(int)

    task = tasks.copying.this_token()
    split = Task(
        tokens=task.tokens, draw=task.draw, pose=pose, guess=lambda inputs: torch.ones(1).long()
    )
    assert split.baseline(100) == 1


def test_posing_leaves_the_examples_alone(task):
    examples = task.draw(20, np.random.default_rng(0))
    before = examples.copy()
    task.pose(examples, np.random.default_rng(0))
    np.testing.assert_array_equal(examples, before)


def test_data_are_the_same_in_every_process_and_on_every_machine():
    assert {name: fingerprint(make()) for name, make in TASKS.items()} == FINGERPRINTS


def test_accuracy_by_hand():
    logits = torch.eye(4)[None]
    assert accuracy(logits, torch.tensor([[0, 1, 2, 3]])) == 1
    assert accuracy(logits, torch.tensor([[0, 1, 3, IGNORED]])) == pytest.approx(2 / 3)


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32), share=st.floats(0, 1))
def test_accuracy_is_the_share_of_right_answers(seed, share):
    rng = np.random.default_rng(seed)
    targets = rng.integers(5, size=(4, 6))
    right = rng.random((4, 6)) < share
    answers = np.where(right, targets, (targets + 1) % 5)
    logits = torch.from_numpy(np.eye(5)[answers])
    assert accuracy(logits, torch.from_numpy(targets)) == pytest.approx(right.mean())


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("targets", "words"),
    [
        (torch.full((2, 3), IGNORED), "no target asks"),
        (torch.zeros(2, 0, dtype=torch.long), "no target asks"),
        (torch.zeros(2, 4, dtype=torch.long), "(2, 4)"),
        (torch.zeros(3, dtype=torch.long), "(3,)"),
    ],
)
def test_case_41_accuracy_over_nothing_is_named(targets, words):
    logits = torch.zeros(*([2, 0] if targets.shape == (2, 0) else [2, 3]), 5)
    with pytest.raises(ValueError, match="accuracy") as caught:
        accuracy(logits, targets)
    assert words in str(caught.value)


@pytest.mark.bad_input
@pytest.mark.parametrize("function", ["train", "held_out", "batches"])
@pytest.mark.parametrize(
    ("n", "error"),
    [
        (0, ValueError),
        (-1, ValueError),
        (True, TypeError),
        (2.0, TypeError),
        ("2", TypeError),
        (None, TypeError),
    ],
)
def test_bad_numbers_of_examples_are_named(function, n, error):
    with pytest.raises(error, match=f"^{function}: (n|size) must be"):
        getattr(tasks.pronouns.task(), function)(n, 0)


@pytest.mark.bad_input
@pytest.mark.parametrize("function", ["train", "held_out", "batches"])
@pytest.mark.parametrize(
    ("rng", "error"),
    [
        (None, TypeError),
        (-1, ValueError),
        (True, TypeError),
        (0.5, TypeError),
        ("seed", TypeError),
        (torch.Generator(), TypeError),
        (random.Random(0), TypeError),
    ],
)
def test_bad_generators_are_named(function, rng, error):
    with pytest.raises(error, match=f"^{function}: rng, unless it is a numpy.random.Generator"):
        getattr(tasks.pronouns.task(), function)(4, rng)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: tasks.copying.previous_token(length=1), ValueError, "length"),
        (lambda: tasks.copying.next_token(n_symbols=1), ValueError, "n_symbols"),
        (lambda: tasks.copying.neighbors(length=2.0), TypeError, "length"),
        (lambda: tasks.copying.this_token(length=True), TypeError, "length"),
        (lambda: tasks.sorting.sort(0), ValueError, "length"),
        (lambda: tasks.sorting.reverse("8"), TypeError, "length"),
        (lambda: tasks.recall.sequence(1), ValueError, "n_pairs must be at least 2"),
        (lambda: tasks.recall.side_by_side(9), ValueError, "must be at most 8"),
        (lambda: tasks.roman.numeral(0), ValueError, "number must be at least 1"),
        (lambda: tasks.roman.numeral(4000), ValueError, "must be at most 3999"),
        (lambda: tasks.roman.numeral(1.0), TypeError, "number"),
        (lambda: tasks.roman.numeral("IV"), TypeError, "number"),
        (lambda: tasks.language.masked(-0.1), ValueError, "share"),
        (lambda: tasks.language.masked(1.0), ValueError, "share"),
        (lambda: tasks.language.masked(1), ValueError, "share"),
        (lambda: tasks.language.masked(float("nan")), ValueError, "share"),
        (lambda: tasks.language.masked(True), TypeError, "share"),
        (lambda: tasks.language.corpus(0, 0), ValueError, "n_sentences"),
        (lambda: tasks.language.corpus(5, None), TypeError, "rng"),
    ],
)
def test_bad_sizes_of_tasks_are_named(make, error, words):
    with pytest.raises(error) as caught:
        make()
    assert words in str(caught.value)


@pytest.mark.bad_input
def test_a_task_with_nothing_to_hold_out_says_so():
    whole = tasks.copying.this_token()
    one = Task(
        tokens=whole.tokens,
        draw=lambda n, rng: np.zeros((n, 3), dtype=int),
        pose=whole.pose,
        guess=whole.guess,
    )
    with pytest.raises(ValueError, match="hardly any example is"):
        one.train(4, 0), one.held_out(4, 0)
