import json
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from attention_book import Config, checks, progress
from attention_book.models import GPT
from attention_book.tasks import copying
from attention_book.train import History, constant, cosine, cross_entropy, fit
from attention_book.train.schedule import factor
from attention_book.train.states import tensors_of

TASK = copying.previous_token(length=5, n_symbols=4)


def gpt(dropout=0.1):
    sizes = {"vocab_size": 4, "max_len": 5, "d_model": 16, "n_heads": 2, "n_layers": 1}
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return GPT(Config(**sizes, dropout=dropout))


def line():
    """A model of two numbers, started at nothing."""
    model = nn.Linear(1, 1)
    nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
    return model


def points(n):
    x = np.random.default_rng(0).normal(size=(n, 8, 1)).astype(np.float32)
    return [(torch.from_numpy(a), torch.from_numpy(3 * a + 1)) for a in x]


def same_model(a, b):
    a, b = tensors_of(a), tensors_of(b)
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def seeds():
    return torch.get_rng_state().tolist(), str(np.random.get_state())  # noqa: NPY002


# What it does


def test_it_learns_what_the_task_asks_for():
    history = fit(gpt(dropout=0.0), TASK, 200, lr=1e-2, every=100)
    assert history.scores[200] == 1
    assert history.losses[0] == pytest.approx(np.log(4), abs=0.05)
    assert history.losses[-1] < 0.05


def test_case_40_the_seed_decides_everything_and_global_chance_nothing():
    before, models = seeds(), [gpt(), gpt(), gpt()]
    losses = [
        fit(model, TASK, 5, seed=seed).losses for model, seed in zip(models, (1, 1, 2), strict=True)
    ]
    assert seeds() == before
    assert losses[0] == losses[1] != losses[2]
    assert same_model(models[0], models[1])


def test_a_step_is_the_one_that_pytorch_takes():
    ours, theirs = line(), line()
    optimizer = torch.optim.AdamW(theirs.parameters(), lr=0.1)
    for x, y in points(5):
        optimizer.zero_grad()
        F.mse_loss(theirs(x), y).backward()
        optimizer.step()
    fit(ours, points(5), 5, lr=0.1, schedule=constant, clip=None, loss=F.mse_loss)
    checks.same(ours.weight, theirs.weight, 1e-6)
    checks.same(ours.bias, theirs.bias, 1e-6)


def test_long_gradients_are_shortened():
    model, x = line(), torch.tensor([[1e6]])
    fit(model, [(x, x)], 1, lr=1.0, clip=0.5, loss=F.mse_loss, optimizer=torch.optim.SGD)
    moved = torch.cat([p.flatten() for p in model.parameters()])
    assert moved.norm().item() == pytest.approx(0.5, rel=1e-3)


def test_the_rate_rises_in_a_line_and_falls_in_a_cosine():
    rates = [factor(cosine, step, 14, 4) for step in range(14)]
    assert rates[:5] == [0.25, 0.5, 0.75, 1, 1]
    assert rates[9] == pytest.approx(0.5)
    assert 0 < rates[-1] < 0.05
    assert [factor(constant, step, 3, 0) for step in range(3)] == [1, 1, 1]


def test_the_rates_reach_the_optimizer():
    model = line()
    fit(
        model,
        points(1) * 2,
        2,
        lr=1.0,
        warmup=2,
        clip=1e-3,
        loss=F.mse_loss,
        optimizer=torch.optim.SGD,
    )
    moved = torch.cat([p.flatten() for p in model.parameters()]).norm().item()
    assert moved == pytest.approx(1e-3 * (0.5 + 1), rel=0.05)


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


@pytest.mark.parametrize("fails", [False, True])
def test_modes(fails):
    model, modes = gpt(), []

    def score():
        modes.append(model.training)
        assert not torch.is_grad_enabled()
        if fails:
            raise RuntimeError("on purpose")
        return 0.5

    def loss(logits, targets):
        assert model.training
        return cross_entropy(logits, targets)

    if fails:
        with pytest.raises(RuntimeError):
            fit(model, TASK, 4, every=2, evaluate=score, loss=loss)
    else:
        assert fit(model, TASK, 5, every=2, evaluate=score, loss=loss).scores.keys() == {2, 4, 5}
    assert not any(modes)
    assert not model.training


# The loss


def test_the_loss_is_the_mean_surprise_of_what_is_asked():
    logits = torch.randn(2, 3, 2, 5, generator=torch.Generator().manual_seed(0)).double()
    targets = torch.tensor([[[0, 1], [2, -100], [4, 3]], [[-100, -100], [1, 1], [0, -100]]])
    surprise = [
        -logits[place].log_softmax(-1)[targets[place]].item()
        for place in np.ndindex(2, 3, 2)
        if targets[place] != -100
    ]
    assert cross_entropy(logits, targets).item() == pytest.approx(np.mean(surprise), abs=1e-12)


@pytest.mark.parametrize("targets", [torch.full((2, 3), -100), torch.zeros(0, 3, dtype=torch.long)])
def test_case_41_a_loss_over_nothing(targets):
    logits = torch.zeros(*targets.shape, 5, requires_grad=True)
    with pytest.raises(ValueError, match=r"cross_entropy: none of the \d targets asks"):
        cross_entropy(logits, targets)


def test_case_41_while_training():
    nothing = torch.zeros(2, 5, dtype=torch.long), torch.full((2, 5), -100)
    with pytest.raises(ValueError, match="asks for anything"):
        fit(gpt(), [nothing], 1)


@pytest.mark.parametrize("wrong", [-1, 5, -99])
def test_a_target_outside_the_vocabulary(wrong):
    with pytest.raises(IndexError, match=f"target {wrong} is not in the vocabulary of 5"):
        cross_entropy(torch.zeros(2, 5), torch.tensor([0, wrong]))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "logits, targets, error, words",
    [
        ([[0.0]], torch.zeros(1).long(), TypeError, "logits must be a torch.Tensor, got list"),
        (torch.zeros(1, 5), [0], TypeError, "targets must be a torch.Tensor, got list"),
        (
            torch.zeros(1, 5).long(),
            torch.zeros(1).long(),
            TypeError,
            "logits must hold real floats",
        ),
        (torch.zeros(1, 5), torch.zeros(1), TypeError, "targets must be int64 or int32"),
        (torch.zeros(1, 5), torch.zeros(1).bool(), TypeError, "targets must be int64 or int32"),
        (
            torch.zeros(2, 5),
            torch.zeros(3).long(),
            ValueError,
            "logits (2, 5) must be targets (3,)",
        ),
        (torch.zeros(2, 3, 5), torch.zeros(2).long(), ValueError, "one axis for the vocabulary"),
        (torch.tensor(0.0), torch.tensor(0), ValueError, "one axis for the vocabulary"),
    ],
)
def test_wrong_logits_and_targets(refused, logits, targets, error, words):
    with refused(error, "cross_entropy", words):
        cross_entropy(logits, targets)


# Bad input


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "change, error, words",
    [
        ({"model": print}, TypeError, "model must be a torch.nn.Module"),
        ({"model": nn.Identity()}, ValueError, "no parameter that learns"),
        ({"data": 3}, TypeError, "data must be a task or give batches"),
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
        ({"loss": "mse"}, TypeError, "loss must be a function, got str"),
        ({"schedule": "cosine"}, TypeError, "schedule must be a function"),
        ({"optimizer": "adam"}, TypeError, "optimizer must be a function"),
        ({"optimizer": None}, TypeError, "optimizer must be a function"),
        ({"forward": 1}, TypeError, "forward must be a function"),
        ({"evaluate": 0.5}, TypeError, "evaluate must be a function"),
    ],
)
def test_wrong_arguments(refused, change, error, words):
    arguments = {"model": line(), "data": TASK, "steps": 2} | change
    with refused(error, "fit:", words):
        fit(**arguments)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "loss, error, words",
    [
        (lambda a, b: 0.5, TypeError, "got 0.5"),
        (lambda a, b: a - b, TypeError, r"got shape \(8, 1\), requires_grad=True"),
        (lambda a, b: b.mean(), TypeError, "requires_grad=False"),
        (lambda a, b: (a - b).mean() * float("nan"), ValueError, "loss of step 1 is nan"),
        (lambda a, b: (a - b).mean() * float("inf"), ValueError, "a smaller lr"),
    ],
)
def test_losses_that_teach_nothing(loss, error, words):
    model = line()
    with pytest.raises(error, match=words):
        fit(model, points(2), 2, loss=loss)
    assert model.weight.item() == 0


def test_data_that_ends_early():
    with pytest.raises(ValueError, match="ended after 3 batches, but steps is 5"):
        fit(line(), points(3), 5, loss=F.mse_loss)


@pytest.mark.parametrize("batch", [torch.zeros(3), (1, 2, 3), "ab c"])
def test_batches_that_are_no_pairs(batch):
    with pytest.raises(TypeError, match=r"fit: batch 1 must be a pair \(inputs, targets\)"):
        fit(line(), [batch], 1, loss=F.mse_loss)


# Checkpoints


class Interrupted(Exception):
    pass


def interrupting(step, loss=cross_entropy):
    steps = iter(range(1, 1000))

    def raises(outputs, targets):
        if next(steps) == step:
            raise Interrupted
        return loss(outputs, targets)

    return raises


SETTINGS = {"lr": 1e-2, "warmup": 5, "every": 10, "checkpoint": None}
RUNS = {
    "task": (gpt, TASK, {}),
    "batches": (line, points(40), {"loss": F.mse_loss}),
    "momentum": (
        line,
        points(40),
        {"loss": F.mse_loss, "optimizer": lambda p, lr: torch.optim.SGD(p, lr, momentum=0.9)},
    ),
    "no momentum": (line, points(40), {"loss": F.mse_loss, "optimizer": torch.optim.SGD}),
}


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("stop", [4, 11, 25, 40])
def test_a_run_goes_on_bit_for_bit(tmp_path, name, stop):
    build, data, more = RUNS[name]
    settings = SETTINGS | more
    whole, parts = build(), build()
    expected = fit(whole, data, 40, **settings)
    settings["checkpoint"] = tmp_path / "run"
    loss = settings.pop("loss", cross_entropy)
    with pytest.raises(Interrupted):
        fit(parts, data, 40, **settings, loss=interrupting(stop, loss))
    torch.rand(7)
    resumed = build()
    history = fit(resumed, data, 40, **settings, loss=loss)
    assert same_model(whole, resumed)
    assert (history.losses, history.scores) == (expected.losses, expected.scores)


def test_what_is_done_is_not_done_again(tmp_path):
    first, again = gpt(), gpt()
    history = fit(first, TASK, 20, checkpoint=tmp_path)
    assert fit(again, TASK, 20, checkpoint=tmp_path).losses == history.losses
    assert same_model(first, again)


def test_a_checkpoint_is_json_and_one_file_of_tensors(tmp_path):
    fit(gpt(), TASK, 20, every=5, checkpoint=tmp_path)
    assert sorted(os.listdir(tmp_path)) == ["checkpoint.json", "step-20.safetensors"]
    kept = json.loads((tmp_path / "checkpoint.json").read_text())
    assert kept["bytes"] == (tmp_path / "step-20.safetensors").stat().st_size


def test_case_42_tied_tables_stay_tied(tmp_path):
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.table, self.head = nn.Embedding(4, 4), nn.Linear(4, 4, bias=False)
            self.head.weight = self.table.weight

        def forward(self, ids):
            return self.head(self.table(ids))

    first, again = Tied(), Tied()
    fit(first, TASK, 5, checkpoint=tmp_path)
    fit(again, TASK, 5, checkpoint=tmp_path)
    assert again.head.weight is again.table.weight
    assert same_model(first, again)
    assert tensors_of(first).keys() == {"table.weight"}


def test_the_checkpoint_of_another_run(tmp_path):
    fit(gpt(), TASK, 5, checkpoint=tmp_path)
    with pytest.raises(
        ValueError, match=r"another run: steps was 5 and is 6; lr was 0.001 and is 1"
    ):
        fit(gpt(), TASK, 6, lr=1.0, checkpoint=tmp_path)
    sizes = {"vocab_size": 4, "max_len": 6, "d_model": 16, "n_heads": 2, "n_layers": 2}
    with pytest.raises(ValueError, match=r"missing: blocks\.1"):
        fit(GPT(Config(**sizes)), TASK, 5, checkpoint=tmp_path)


DAMAGES = {
    "truncated": lambda data: data[:-10],
    "altered": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "Git-LFS pointer": lambda data: b"version https://git-lfs.github.com/spec/v1\n",
    "HTML": lambda data: b"<!DOCTYPE html><html></html>",
    "a pickle": lambda data: pickle.dumps([1]),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_case_45_a_damaged_checkpoint(tmp_path, name):
    fit(gpt(), TASK, 5, checkpoint=tmp_path)
    path = tmp_path / "step-5.safetensors"
    path.write_bytes(DAMAGES[name](path.read_bytes()))
    model = gpt()
    with pytest.raises(ValueError, match=name):
        fit(model, TASK, 5, checkpoint=tmp_path)
    assert same_model(model, gpt())


@pytest.mark.parametrize(
    "text, words", [("{", "damaged"), ("[]", "damaged"), ("{}", "lacks file, losses, rng")]
)
def test_case_45_a_damaged_record_of_the_run(tmp_path, text, words):
    (tmp_path / "checkpoint.json").write_text(text)
    with pytest.raises(ValueError, match=words):
        fit(gpt(), TASK, 5, checkpoint=tmp_path)


def test_an_interrupted_save_leaves_the_one_before(tmp_path, monkeypatch):
    kept, expected = gpt(), gpt()
    with pytest.raises(Interrupted):
        fit(kept, TASK, 20, every=5, checkpoint=tmp_path, loss=interrupting(8))
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fit(gpt(), TASK, 20, every=5, checkpoint=tmp_path)
    monkeypatch.undo()
    resumed = gpt()
    fit(resumed, TASK, 20, every=5, checkpoint=tmp_path)
    fit(expected, TASK, 20, every=5)
    assert same_model(resumed, expected)


# What is seen of it


def test_the_history_is_a_table_with_two_decimals():
    history = History([4, 2, 1, 1, 0.333], {2: 0.5, 4: 1})
    assert repr(history).split("\n") == [
        "  step   loss  score",
        "     2   3.00   0.50",
        "     4   1.00   1.00",
        "     5   0.33",
    ]
    assert repr(History([0.5])).split("\n") == ["  step   loss", "     1   0.50"]
    assert repr(History()) == "  step   loss"


@pytest.mark.parametrize("history", [History([3, 2, 1], {3: 0.5}), History([3, 2]), History()])
def test_the_history_is_a_picture(history):
    assert history._repr_png_().startswith(b"\x89PNG")
    axes = history.figure().axes
    assert [a.get_ylabel() for a in axes] == ["loss", "score"][: 1 + bool(history.scores)]
    assert list(axes[0].lines[0].get_ydata()) == history.losses


def test_training_draws_nothing_by_itself():
    code = "import attention_book.train, sys; print('matplotlib' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.split() == ["False"]


def watched(monkeypatch, terminal=False, **environment):
    for name in ("CI", *progress.FRONT_ENDS):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal, raising=False)
    return progress.watched()


def test_a_bar_only_where_a_person_watches(monkeypatch):
    assert not watched(monkeypatch)
    assert watched(monkeypatch, terminal=True)
    assert watched(monkeypatch, COLAB_RELEASE_TAG="1")
    assert watched(monkeypatch, JPY_SESSION_NAME="a.ipynb")
    assert not watched(monkeypatch, terminal=True, CI="true")
    assert not watched(monkeypatch, JPY_SESSION_NAME="a.ipynb", CI="true")


def test_the_bar_is_silent_unless_watched(monkeypatch, capsys):
    watched(monkeypatch)
    assert list(progress.progress(range(3), 3, "training")) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")
    watched(monkeypatch, COLAB_RELEASE_TAG="1")
    monkeypatch.setattr(progress, "DELAY", 0)
    assert list(progress.progress(range(3), 3, "training")) == [0, 1, 2]
    assert "training" in capsys.readouterr().err
