"""What a training run is given, and what its loss says on the way."""

import math
from collections.abc import Iterable
from operator import length_hint

import torch

from ..tasks import IGNORED, Task
from .numbers import instance, shown
from .tensors import FLOATS, INTS, ids, readable, tensor


def cross_entropy(logits, targets):
    tensor("cross_entropy", "logits", logits, FLOATS, ("...", "places", "vocabulary"))
    tensor("cross_entropy", "targets", targets, INTS, logits.shape[:-1])
    if not readable(targets):
        return
    silent = targets == IGNORED
    if silent.all():
        raise ValueError(
            f"cross_entropy: none of the {targets.numel()} targets asks for anything, so there is "
            f"no loss; all are {IGNORED}, or the batch is empty"
        )
    size_name = f"{IGNORED} is what asks for nothing, and the vocabulary's size"
    ids("cross_entropy", "targets", targets.masked_fill(silent, 0), logits.shape[-1], size_name)


def fit(model, data, steps, **functions):
    instance("fit", "model", model, torch.nn.Module)
    if not any(parameter.requires_grad for parameter in model.parameters()):
        raise ValueError("fit: the model has no parameter that learns")
    if not isinstance(data, (Task, Iterable)):
        raise TypeError(f"fit: data must be a task or give batches, got {shown(data)}")
    for name, function in functions.items():
        if not callable(function) and (name, function) != ("evaluate", None):
            raise TypeError(f"fit: {name} must be a function, got {shown(function)}")
    enough(length_hint(data, steps), steps)


def enough(given, steps):
    if given < steps:
        raise ValueError(f"fit: the data give {given} batches, but steps is {steps}")


def loss(loss, step):
    """Return the loss as a number."""
    if not isinstance(loss, torch.Tensor) or loss.numel() != 1 or not loss.requires_grad:
        raise TypeError(
            f"fit: the loss must be one number that depends on the model, got {shown(loss)}"
        )
    if not math.isfinite(number := loss.item()):
        raise ValueError(
            f"fit: the loss of step {step} is {number}; a smaller lr, a longer warmup or clip=1.0 "
            f"may help, unless the data are not finite"
        )
    return number
