"""The training loop: draw a batch, measure the loss, take a step, now and then the score."""

import os
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from functools import partial
from itertools import islice
from types import SimpleNamespace

import torch
from torch import nn

from ..progress import progress
from ..tasks import Task
from ..validate import training as validate
from ..validate.numbers import positive, real_number, whole_number
from .batches import answer, draw, held_out_score, to_device_of
from .chance import own_chance
from .checkpoint import Checkpoint
from .history import History
from .loss import cross_entropy
from .schedule import cosine, factor

AdamW = partial(torch.optim.AdamW, fused=True)  # one kernel for all parameters: small models gain


def fit(
    model: nn.Module,
    data: Task | Iterable,
    steps: int,
    *,
    batch_size: int = 64,
    lr: float = 1e-3,
    warmup: int = 0,
    schedule: Callable[[float], float] = cosine,
    clip: float | None = 1.0,
    loss: Callable = cross_entropy,
    forward: Callable | None = None,
    optimizer: Callable = AdamW,
    evaluate: Callable[[], float] | None = None,
    every: int = 100,
    seed: int = 0,
    checkpoint: str | os.PathLike | None = None,
) -> History:
    """Teach the model, step by step, to answer as the data does; return how it went.

    `data` is a task, of which every step draws `batch_size` fresh examples by `seed`, or anything
    that gives batches (inputs, targets), one for each step. Inputs that are a tuple are the
    model's several arguments, a dict those by name; `forward` is what to call instead of the model.
    The learning rate rises to `lr` over `warmup` steps and then follows `schedule`; gradients
    longer than `clip` are shortened to it; `optimizer` is called with the parameters and lr.
    Every `every` steps, and at the end, `evaluate()` gives the score, for a task by itself the
    share right of 1,000 held-out answers. A `checkpoint` folder keeps everything at those moments,
    and the same call continues from there: it draws the data again from the start, refuses them if
    they are others, and goes on, on the CPU bit for bit as if never interrupted. What data, model,
    loss or evaluation draw from the global random states of PyTorch, NumPy and Python follows
    `seed` and the step.
    All parts of the model are in training mode meanwhile. However it ends, by Ctrl-C too, they are
    in evaluation mode afterwards, the global random states are as before, the folder holds the
    last whole checkpoint, and the model keeps the steps taken.
    ValueError or TypeError names, before the first step, a wrong argument, too few batches, a
    folder that cannot be written, and the checkpoint of another run or of other data; on the way,
    a batch or a loss that teaches nothing, and data that end early.
    Source: Loshchilov and Hutter (2019) for AdamW; Pascanu et al. (2013) for clipping.
    """
    forward = model if forward is None else forward
    run = _plain(steps, batch_size, every, warmup, seed, lr, clip)
    functions = {"schedule": schedule, "loss": loss, "forward": forward, "optimizer": optimizer}
    validate.fit(model, data, run.steps, **functions, evaluate=evaluate)
    evaluate = held_out_score(data, model, forward) if evaluate is None else evaluate
    parameters = [p for p in model.parameters() if p.requires_grad]
    rule, history = optimizer(parameters, lr=run.lr), History()
    rates = [group["lr"] for group in rule.param_groups]
    made = {"optimizer": type(rule).__name__, "parameters": len(parameters)}
    saved = Checkpoint(checkpoint, vars(run) | made, model, rule, history)
    with own_chance(model, run.seed) as begin, _learning(model):
        batches = draw(data, run, begin)
        saved.restore(islice(batches, saved.done))
        left = enumerate(batches, saved.done + 1)
        for step, batch in progress(left, run.steps - saved.done, "training"):
            saved.note(batch)
            inputs, targets = to_device_of(model, batch)
            value = loss(answer(forward, inputs), targets)
            number = validate.loss(value, step)
            _set_rates(rule, rates, factor(schedule, step - 1, run.steps, run.warmup))
            _take_step(rule, value, run.clip)
            history.losses.append(number)
            if step % run.every == 0 or step == run.steps:
                if evaluate is not None:
                    history.scores[step] = _score(model, evaluate)
                saved.save()
    return history


def _plain(steps, batch_size, every, warmup, seed, lr, clip):
    """The numbers of a run, checked."""
    steps = whole_number("fit", "steps", steps, least=1)
    return SimpleNamespace(
        steps=steps,
        batch_size=whole_number("fit", "batch_size", batch_size, least=1),
        every=whole_number("fit", "every", every, least=1),
        warmup=whole_number("fit", "warmup", warmup, most=steps),
        seed=whole_number("fit", "seed", seed),
        lr=positive("fit", "lr", lr),
        clip=None if clip is None else positive("fit", "clip", clip),
    )


def _take_step(optimizer, value, clip):
    optimizer.zero_grad()
    value.backward()
    if clip is not None:
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        nn.utils.clip_grad_norm_(parameters, clip)
    optimizer.step()


def _set_rates(optimizer, rates, factor):
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        group["lr"] = rate * factor


@torch.no_grad()
def _score(model, evaluate):
    model.eval()
    score = real_number("fit", "evaluate()", evaluate(), "a number", lambda score: True)
    model.train()
    return score


@contextmanager
def _learning(model):
    model.train()
    try:
        yield
    finally:
        model.eval()
