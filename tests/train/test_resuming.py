"""A run that was interrupted goes on bit for bit, whatever its data and its model draw from."""

import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, IterableDataset, TensorDataset

from attention_book.train import cross_entropy, fit

from .runs import TASK, Interrupted, chance, gpt, interrupting, line, points, same_model

ROWS = torch.randint(4, (40, 6), generator=torch.Generator().manual_seed(1))
PAIRS = TensorDataset(ROWS[:, :-1], ROWS[:, 1:])


def loader(**more):
    return DataLoader(PAIRS, batch_size=4, **more)


def picked_by(choose):
    def batches():
        while True:
            rows = ROWS[choose()]
            yield rows[:, :-1], rows[:, 1:]

    return batches


class Stream(IterableDataset):
    def __iter__(self):
        while True:
            row = ROWS[torch.randint(40, ()).item()]
            yield row[:-1], row[1:]


class Shuffled(list):
    """Rows in an order that is drawn before the first of them is asked for."""

    def __iter__(self):
        order = torch.randperm(len(self)).tolist()
        return iter([self[i] for i in order])


KINDS = {
    "a task": lambda: TASK,
    "a list": lambda: list(loader()),
    "a loader": loader,
    "a loader that shuffles": lambda: loader(shuffle=True),
    "a loader with a generator": lambda: loader(
        shuffle=True, generator=torch.Generator().manual_seed(3)
    ),
    "a loader of a stream": lambda: DataLoader(Stream(), batch_size=4),
    "drawn at the start": lambda: Shuffled(zip(*(x.split(4) for x in PAIRS.tensors), strict=True)),
    "drawn by torch": picked_by(lambda: torch.randint(40, (4,))),
    "drawn by numpy": picked_by(lambda: np.random.randint(40, size=4)),  # noqa: NPY002
    "drawn by numpy's normal": picked_by(lambda: np.random.randn(3).argsort()),  # noqa: NPY002
    "drawn by python": picked_by(lambda: random.sample(range(40), 4)),
    "drawn by a generator of its own": lambda: TASK.batches(4, 7),
}


@pytest.mark.parametrize("stop", [1, 5, 10])
@pytest.mark.parametrize("data", KINDS.values(), ids=KINDS)
def test_case_60_as_if_never_interrupted(data, stop, tmp_path):
    settings = {"every": 3, "warmup": 2, "batch_size": 4, "lr": 1e-2}
    whole, resumed, again = gpt(0.3), gpt(0.3), data()
    expected = fit(whole, data(), 10, **settings)
    settings["checkpoint"] = tmp_path
    with pytest.raises(Interrupted):
        fit(gpt(0.3), data(), 10, **settings, loss=interrupting(stop))
    torch.rand(3), np.random.rand(3), random.random()  # noqa: NPY002
    before = chance()
    history = fit(resumed, again, 10, **settings)
    assert chance() == before
    assert (history.losses, history.scores) == (expected.losses, expected.scores)
    assert same_model(whole, resumed)


OPTIMIZERS = {
    "AdamW": torch.optim.AdamW,
    "momentum": lambda p, lr: torch.optim.SGD(p, lr, momentum=0.9),
    "no momentum": torch.optim.SGD,
    "two groups": lambda p, lr: torch.optim.Adam([{"params": [x]} for x in p], lr, amsgrad=True),
}


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_the_optimizer_goes_on_with_its_moments(optimizer, tmp_path):
    settings = {"every": 4, "lr": 0.1, "optimizer": optimizer}
    whole, resumed = line(), line()
    fit(whole, points(12), 12, **settings, loss=F.mse_loss)
    with pytest.raises(Interrupted):
        fit(
            line(),
            points(12),
            12,
            **settings,
            loss=interrupting(11, F.mse_loss),
            checkpoint=tmp_path,
        )
    fit(resumed, points(12), 12, **settings, loss=F.mse_loss, checkpoint=tmp_path)
    assert same_model(whole, resumed)


def test_loss_and_evaluation_may_draw_too(tmp_path):
    def loss(logits, targets):
        noise = torch.rand(1) + np.random.rand() + random.random()  # noqa: NPY002
        return cross_entropy(logits, targets) + noise.item()

    settings = {"every": 2, "evaluate": lambda: torch.rand(1).item()}
    expected = fit(gpt(), TASK, 6, **settings, loss=loss)
    with pytest.raises(Interrupted):
        fit(gpt(), TASK, 6, **settings, loss=interrupting(4, loss), checkpoint=tmp_path)
    history = fit(gpt(), TASK, 6, **settings, loss=loss, checkpoint=tmp_path)
    assert (history.losses, history.scores) == (expected.losses, expected.scores)
    assert len(set(history.losses)) == 6


UNREPEATABLE = {
    "a loader whose generator moved on": loader(
        shuffle=True, generator=torch.Generator().manual_seed(3)
    ),
    "chance without a seed": picked_by(lambda: np.random.default_rng().integers(40, size=4))(),
    "an iterator that moved on": iter(list(loader())),
}


@pytest.mark.parametrize("data", UNREPEATABLE.values(), ids=UNREPEATABLE)
def test_case_60_data_that_are_not_the_same_again_are_refused(data, tmp_path):
    settings = {"every": 2, "checkpoint": tmp_path}
    with pytest.raises(Interrupted):
        fit(gpt(), data, 5, **settings, loss=interrupting(4))
    model = gpt()
    with pytest.raises(ValueError, match=r"first 2 batches of data are not those .* made anew"):
        fit(model, data, 5, **settings)
    assert same_model(model, gpt())


@pytest.mark.parametrize("part", ["inputs", "targets"])
def test_case_60_a_bit_of_an_early_batch_that_changed_is_noticed(part, tmp_path):
    batches = list(loader())
    settings = {"every": 2, "checkpoint": tmp_path}
    with pytest.raises(Interrupted):
        fit(gpt(), batches, 5, **settings, loss=interrupting(4))
    batches[0][part == "targets"][3, 4] ^= 1
    with pytest.raises(ValueError, match="first 2 batches of data are not those"):
        fit(gpt(), batches, 5, **settings)


def test_each_step_draws_something_else_of_all_chance_and_each_seed_too():
    def drawn(seed):
        def loss(logits, targets):
            seen.append((torch.rand(1).item(), np.random.rand(), random.random()))  # noqa: NPY002
            return cross_entropy(logits, targets)

        seen = []
        fit(gpt(), TASK, 3, seed=seed, loss=loss)
        return seen

    assert drawn(0) == drawn(0)
    assert len(set(np.ravel(drawn(0) + drawn(2**40)))) == 18
