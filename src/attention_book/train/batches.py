"""Where batches come from, and what the model answers to them."""

from itertools import islice

import torch

from ..tasks import Task, accuracy
from ..validate import training as validate


def draw(data, rng, start, steps, batch_size):
    """One batch for each step from `start` on; batches that are not drawn by rng are wound on."""
    if isinstance(data, Task):
        for _ in range(start, steps):
            yield data.train(batch_size, rng)
        return
    given = 0
    for given, batch in enumerate(islice(data, steps), 1):
        if given > start:
            yield batch
    validate.enough(given, steps)


def held_out_score(data, model, forward):
    """For a task, a function that gives the share right of 1,000 answers not learned from."""
    if not isinstance(data, Task):
        return None
    inputs, targets = to_device_of(model, data.held_out(1000, 0))
    return lambda: accuracy(answer(forward, inputs), targets)


def answer(forward, inputs):
    """What the model says: a tuple is its several arguments."""
    return forward(*inputs) if isinstance(inputs, tuple) else forward(inputs)


def to_device_of(model, x):
    """The tensor, or all tensors of the tuple, where the model is."""
    if isinstance(x, torch.Tensor):
        return x.to(next(model.parameters()).device)
    return tuple(to_device_of(model, part) for part in x)
