"""Where batches come from, and what the model answers to them."""

import torch
from torch.utils._pytree import tree_map

from ..tasks import Task, accuracy
from ..validate import training as validate
from ..validate.numbers import instance, shown

END = object()


def draw(data, run, begin):
    """For each step, after `begin(step)`, inputs and targets: tensors, tuples or dicts of them."""
    begin(0)
    batches = iter(data.batches(run.batch_size, run.seed) if isinstance(data, Task) else data)
    for step in range(1, run.steps + 1):
        begin(step)
        batch = next(batches, END)
        if batch is END:
            validate.enough(step - 1, run.steps)
        yield _pair(batch, step)


def _pair(batch, step):
    if not isinstance(batch, (tuple, list)) or len(batch) != 2:
        raise TypeError(f"fit: batch {step} must be a pair (inputs, targets), got {shown(batch)}")
    name, (inputs, targets) = f"each part of batch {step}", batch
    if isinstance(inputs, dict):
        return {key: _tensors(part, name) for key, part in inputs.items()}, _tensors(targets, name)
    return _tensors(inputs, name), _tensors(targets, name)


def _tensors(x, name):
    if isinstance(x, (tuple, list)):
        return tuple(_tensors(part, name) for part in x)
    instance("fit", name, x, torch.Tensor)
    return x


def held_out_score(data, model, forward):
    """For a task, a function that gives the share right of 1,000 answers not learned from."""
    if not isinstance(data, Task):
        return None
    inputs, targets = to_device_of(model, data.held_out(1000, 0))
    return lambda: accuracy(answer(forward, inputs), targets)


def answer(forward, inputs):
    """What the model says: a tuple is its several arguments, a dict those by name."""
    if isinstance(inputs, dict):
        return forward(**inputs)
    return forward(*inputs) if isinstance(inputs, tuple) else forward(inputs)


def to_device_of(model, tensors):
    """The tensor, or all of the tuple or dict, where the model is."""
    device = next(model.parameters()).device
    return tree_map(lambda x: x.to(device), tensors)
