import operator

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from attention_book import checks
from attention_book.tasks import Task
from attention_book.tasks.task import is_held_out
from attention_book.train import constant, cross_entropy, fit

from .runs import TASK, Interrupted, chance, gpt, line, points, same_model


def test_it_learns_what_the_task_asks_for():
    history = fit(gpt(dropout=0.0), TASK, 200, lr=1e-2, every=100)
    assert history.scores[200] == 1
    assert history.losses[0] == pytest.approx(np.log(4), abs=0.05)
    assert history.losses[-1] < 0.05


def test_it_learns_from_what_is_not_held_out_and_is_scored_on_what_is():
    def pose(rows, rng):
        held_out = np.array([is_held_out(row) for row in rows])
        return rows, np.broadcast_to(held_out[:, None], rows.shape).astype(int)

    split = Task(tokens=TASK.tokens, draw=TASK.draw, pose=pose, guess=TASK.guess)
    history = fit(nn.Embedding(4, 4), split, 100, lr=0.1, schedule=constant)
    assert history.losses[-1] < 0.02
    assert history.scores == {100: 0}


def test_case_40_the_seed_decides_everything_and_global_chance_nothing():
    before, models = chance(), [gpt(), gpt(), gpt()]
    losses = [
        fit(model, TASK, 5, seed=seed).losses for model, seed in zip(models, (1, 1, 2), strict=True)
    ]
    assert chance() == before
    assert losses[0] == losses[1] != losses[2]
    assert same_model(models[0], models[1])


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_case_40_chance_on_a_gpu_is_the_runs_own_too():
    before = torch.cuda.get_rng_state()
    first, again, other = (fit(gpt(0.5).cuda(), TASK, 5, seed=seed).losses for seed in (1, 1, 2))
    assert torch.equal(torch.cuda.get_rng_state(), before)
    assert first == pytest.approx(again, abs=1e-4)
    assert first != pytest.approx(other, abs=1e-2)


def test_a_step_is_the_one_that_pytorch_takes():
    ours, theirs = line(), line()
    optimizer, losses = torch.optim.AdamW(theirs.parameters(), lr=0.1), []
    for x, y in points(5):
        optimizer.zero_grad()
        losses.append(F.mse_loss(theirs(x), y))
        losses[-1].backward()
        optimizer.step()
    history = fit(ours, points(5), 5, lr=0.1, schedule=constant, clip=None, loss=F.mse_loss)
    checks.same(ours.weight, theirs.weight, 1e-6)
    checks.same(ours.bias, theirs.bias, 1e-6)
    checks.same(history.losses, torch.stack(losses), 1e-6)


def test_long_gradients_are_shortened_and_short_ones_are_not():
    x = torch.ones(1, 1)  # weight and bias then have the slope of the target each
    for length, moved in ((1e6, 0.5), (0.1, 0.1)):
        model, settings = line(), {"lr": 1.0, "clip": 0.5, "optimizer": torch.optim.SGD}
        fit(model, [(x, length / 2**0.5 * x)], 1, **settings, loss=lambda a, b: (a * b).sum())
        moved_by = torch.stack([model.weight.flatten(), model.bias]).norm()
        assert moved_by.item() == pytest.approx(moved, rel=1e-3)


def test_the_rates_reach_the_optimizer_group_by_group():
    model, rates = line(), []

    class Watched(torch.optim.SGD):
        def step(self):
            rates.append([group["lr"] for group in self.param_groups])

    def groups(parameters, lr):
        return Watched([{"params": [p], "lr": lr * n} for n, p in enumerate(parameters, 1)])

    settings = {"lr": 0.5, "warmup": 2, "schedule": lambda p: 1 - p, "loss": F.mse_loss}
    fit(model, points(4), 4, **settings, optimizer=groups)
    assert rates == [[0.25, 0.5], [0.5, 1], [0.5, 1], [0.25, 0.5]]


def test_frozen_parameters_stay():
    model = line()
    model.bias.requires_grad_(False)
    fit(model, points(3), 3, loss=F.mse_loss)
    assert model.bias.item() == 0
    assert model.weight.item() > 0


def test_a_function_may_stand_between_model_and_loss():
    table = nn.Embedding(4, 4)
    history = fit(table, TASK, 2, forward=lambda ids: table(ids) * 0)
    assert history.losses == pytest.approx([np.log(4)] * 2)


def test_inputs_that_are_several_are_several_arguments():
    model, ((x, y),) = line(), points(1)
    history = fit(
        model, [[[x, x], y]], 1, forward=lambda a, b: model(a) + model(b) + 1, loss=F.mse_loss
    )
    assert history.losses == [F.mse_loss(torch.ones(8, 1), y).item()]


def test_inputs_by_name_are_the_arguments_of_these_names():
    model, ((x, y),) = line(), points(1)
    inputs = {"less": torch.ones(8, 1), "x": x}
    history = fit(
        model, [[inputs, y]], 1, forward=lambda x, *, less: model(x) - less, loss=F.mse_loss
    )
    assert history.losses == [F.mse_loss(-torch.ones(8, 1), y).item()]


@pytest.mark.bad_input
def test_case_65_numbers_of_numpy_and_of_torch_are_numbers():
    plain, other = line(), line()
    sizes = {"lr": 0.25, "warmup": 1, "clip": 0.5, "every": 2, "seed": 3, "loss": F.mse_loss}
    mixed = sizes | {
        "lr": np.float32(0.25),
        "warmup": np.int64(1),
        "clip": torch.tensor(0.5),
        "every": torch.tensor(2),
        "seed": np.uint8(3),
        "evaluate": lambda: torch.tensor(0.5),
    }
    fit(plain, points(3), 3, **sizes)
    assert fit(other, points(3), np.int32(3), **mixed).scores == {2: 0.5, 3: 0.5}
    assert same_model(plain, other)


# Modes, chance and what is left after an error


def ctrl_c():
    raise KeyboardInterrupt


@pytest.mark.parametrize("part_alone", [False, True])
def test_the_model_learns_in_training_mode_and_is_scored_and_left_in_evaluation_mode(part_alone):
    model, modes = gpt(), []
    (next(model.children()) if part_alone else model).eval()

    def score():
        modes.append({module.training for module in model.modules()})
        assert not torch.is_grad_enabled()
        return 0.5

    def loss(logits, targets):
        assert all(module.training for module in model.modules())
        return cross_entropy(logits, targets)

    assert fit(model, TASK, 5, every=2, evaluate=score, loss=loss).scores.keys() == {2, 4, 5}
    assert modes == [{False}] * 3
    assert not any(module.training for module in model.modules())


@pytest.mark.parametrize("error", [Interrupted, KeyboardInterrupt])
@pytest.mark.parametrize("where", ["loss", "evaluate", "forward", "data"])
def test_case_59_an_error_leaves_modes_and_chance_as_promised(where, error, tmp_path):
    model, before, calls = gpt(), chance(), iter(range(100))

    def drawing(*arguments):
        torch.rand(1), np.random.rand(), operator.index(chance()[3][1][0])  # noqa: NPY002
        if next(calls) == 2:
            raise error
        return {"loss": cross_entropy, "forward": model}.get(where, lambda: 0.5)(*arguments)

    def data():
        for batch in TASK.batches(4, 0):
            if where == "data":
                drawing()
            yield batch

    functions = {} if where == "data" else {where: drawing}
    with pytest.raises(error):
        fit(model, data(), 6, every=1, checkpoint=tmp_path, **functions)
    assert chance() == before
    assert not any(module.training for module in model.modules())
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "checkpoint.json",
        "step-2.safetensors",
    ]


# Bad input


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "change, error, words",
    [
        ({"model": print}, TypeError, "model must be a Module"),
        ({"model": nn.Identity()}, ValueError, "no parameter that learns"),
        ({"data": 3}, TypeError, "data must be a task or give batches, got 3"),
        ({"data": points(3), "steps": 5}, ValueError, "the data give 3 batches, but steps is 5"),
        ({"steps": 0}, ValueError, "steps must be at least 1, got 0"),
        ({"steps": -3}, ValueError, "steps"),
        ({"steps": 2.0}, TypeError, "steps must be an int"),
        ({"steps": True}, TypeError, "steps"),
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1"),
        ({"batch_size": "8"}, TypeError, "batch_size"),
        ({"every": 0}, ValueError, "every must be at least 1"),
        ({"every": None}, TypeError, "every"),
        ({"lr": 0}, ValueError, "lr must be positive and finite"),
        ({"lr": -1e-3}, ValueError, "lr"),
        ({"lr": float("nan")}, ValueError, "lr"),
        ({"lr": float("inf")}, ValueError, "lr"),
        ({"lr": "fast"}, TypeError, "lr must be a number"),
        ({"warmup": -1}, ValueError, "warmup must be at least 0"),
        ({"warmup": 3}, ValueError, "warmup must be at most 2, got 3"),
        ({"warmup": 0.1}, TypeError, "warmup"),
        ({"clip": 0}, ValueError, "clip must be positive"),
        ({"clip": float("inf")}, ValueError, "clip"),
        ({"clip": True}, TypeError, "clip"),
        ({"seed": -1}, ValueError, "seed must be at least 0"),
        ({"seed": None}, TypeError, "seed"),
        ({"loss": "mse"}, TypeError, "loss must be a function, got 'mse' (str)"),
        ({"loss": None}, TypeError, "loss must be a function"),
        ({"schedule": "cosine"}, TypeError, "schedule must be a function"),
        ({"optimizer": "adam"}, TypeError, "optimizer must be a function"),
        ({"optimizer": None}, TypeError, "optimizer must be a function"),
        ({"forward": 1}, TypeError, "forward must be a function"),
        ({"evaluate": 0.5}, TypeError, "evaluate must be a function"),
    ],
)
def test_wrong_arguments(refused, change, error, words):
    arguments = {"model": line().train(), "data": TASK, "steps": 2} | change
    with refused(error, "fit:", words):
        fit(**arguments)
    assert arguments["model"] is print or arguments["model"].training


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "loss, error, words",
    [
        (lambda a, b: 0.5, TypeError, r"depends on the model, got 0.5 \(float\)"),
        (lambda a, b: a - b, TypeError, r"got a Tensor of shape \(8, 1\)"),
        (lambda a, b: b.sum() * 0, TypeError, r"got tensor\(0\.\) \(Tensor\)"),
        (lambda a, b: (a - b).mean() * float("nan"), ValueError, "loss of step 1 is nan"),
        (lambda a, b: (a - b).mean() * float("inf"), ValueError, "a smaller lr"),
    ],
)
def test_losses_that_teach_nothing(loss, error, words):
    model = line()
    with pytest.raises(error, match=words):
        fit(model, points(2), 2, loss=loss)
    assert model.weight.item() == 0


def test_case_41_while_training():
    nothing = torch.zeros(2, 5, dtype=torch.long), torch.full((2, 5), -100)
    with pytest.raises(ValueError, match="asks for anything"):
        fit(gpt(), [nothing], 1)


def test_data_that_end_early():
    with pytest.raises(ValueError, match="the data give 3 batches, but steps is 5"):
        fit(line(), (batch for batch in points(3)), 5, loss=F.mse_loss)


@pytest.mark.parametrize("batch", [torch.zeros(3), (1, 2, 3), "ab c"])
def test_batches_that_are_no_pairs(batch):
    with pytest.raises(TypeError, match=r"fit: batch 1 must be a pair \(inputs, targets\)"):
        fit(line(), [batch], 1, loss=F.mse_loss)


@pytest.mark.parametrize("part", [np.zeros(3), {3}, "ab", None, 3])
def test_batches_of_something_else_than_tensors(part):
    words = f"fit: each part of batch 1 must be a Tensor, got {type(part).__name__}"
    for batch in ((part, torch.zeros(3)), ((torch.zeros(3), part), torch.zeros(3))):
        with pytest.raises(TypeError, match=words):
            fit(line(), [batch], 1, loss=F.mse_loss)


@pytest.mark.bad_input
@pytest.mark.parametrize("score", [None, "good", torch.zeros(2)])
def test_scores_that_are_no_numbers(score):
    with pytest.raises(TypeError, match=r"fit: evaluate\(\) must be a number"):
        fit(line(), points(1), 1, loss=F.mse_loss, evaluate=lambda: score)
