"""The training loop: draw a batch, measure the loss, take a step, now and then the score."""

import os
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from functools import partial

import numpy as np
import torch
from torch import nn

from ..progress import progress
from ..tasks import Task
from ..validate import training as validate
from .batches import answer, draw, held_out_score, to_device_of
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
    model's several arguments; `forward` is what to call instead of the model. The learning rate
    rises to `lr` over `warmup` steps and then follows `schedule`; gradients longer than `clip`
    are shortened to it; `optimizer` is called with the parameters and lr.
    Every `every` steps, and at the end, `evaluate()` gives the score, for a task by itself the
    share right of 1,000 held-out answers. A `checkpoint` folder keeps everything at those moments,
    and the same call continues from there, on the CPU bit for bit as if never interrupted.
    The model is in training mode meanwhile and in evaluation mode afterwards. Global random
    states stay untouched. ValueError or TypeError names a wrong argument, an empty or infinite
    loss, data that ends early, and the checkpoint of another run.
    Source: Loshchilov and Hutter (2019) for AdamW; Pascanu et al. (2013) for clipping.
    """
    settings = {
        "steps": steps,
        "batch_size": batch_size,
        "lr": lr,
        "warmup": warmup,
        "clip": clip,
        "every": every,
        "seed": seed,
    }
    functions = {"schedule": schedule, "loss": loss, "optimizer": optimizer}
    validate.fit(model, data, **settings, **functions, forward=forward, evaluate=evaluate)
    forward = forward or model
    evaluate = evaluate or held_out_score(data, model, forward)
    optimizer = optimizer([p for p in model.parameters() if p.requires_grad], lr=lr)
    rates = [group["lr"] for group in optimizer.param_groups]
    rng, history = np.random.default_rng(seed), History()
    saved = Checkpoint(checkpoint, settings, model, optimizer, rng, history)
    with _own_chance(seed), _learning(model):
        start = saved.load()
        batches = draw(data, rng, start, steps, batch_size)
        for step, batch in progress(enumerate(batches, start + 1), steps - start, "training"):
            inputs, targets = to_device_of(model, validate.batch(batch, step))
            value = loss(answer(forward, inputs), targets)
            validate.loss(value, step)
            _set_rates(optimizer, rates, factor(schedule, step - 1, steps, warmup))
            _take_step(optimizer, value, clip)
            history.losses.append(value.item())
            if step % every == 0 or step == steps:
                if evaluate:
                    history.scores[step] = _score(model, evaluate)
                saved.save()
    return history


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
    score = float(evaluate())
    model.train()
    return score


@contextmanager
def _learning(model):
    model.train()
    try:
        yield
    finally:
        model.eval()


@contextmanager
def _own_chance(seed):
    """What PyTorch draws on the CPU follows the seed; afterwards all is as before."""
    with torch.random.fork_rng(devices=[]):
        torch.random.default_generator.manual_seed(seed)
        yield
