"""What a training run is given, and what its loss says on the way."""

import math

import torch
from torch import nn

from .numbers import positive, whole_number
from .tensors import INTS

IGNORED = -100
OPTIONAL = ("forward", "evaluate")


def cross_entropy(logits, targets):
    function = "cross_entropy"
    for name, x in {"logits": logits, "targets": targets}.items():
        if not isinstance(x, torch.Tensor):
            raise TypeError(f"{function}: {name} must be a torch.Tensor, got {type(x).__name__}")
    if not logits.is_floating_point():
        raise TypeError(f"{function}: logits must hold real floats, got {logits.dtype}")
    if targets.dtype not in INTS:
        raise TypeError(f"{function}: targets must be int64 or int32, got {targets.dtype}")
    if logits.shape[:-1] != targets.shape or logits.ndim == 0:
        raise ValueError(
            f"{function}: logits {tuple(logits.shape)} must be targets {tuple(targets.shape)} and "
            f"one axis for the vocabulary"
        )
    _something_asked(function, targets, logits.shape[-1])


def _something_asked(function, targets, size):
    asked = targets[targets != IGNORED]
    if asked.numel() == 0:
        raise ValueError(
            f"{function}: none of the {targets.numel()} targets asks for anything, so there is no "
            f"loss; all are {IGNORED}, or the batch is empty"
        )
    low, high = (int(end) for end in asked.aminmax())
    if low < 0 or high >= size:
        raise IndexError(
            f"{function}: target {low if low < 0 else high} is not in the vocabulary of {size}; "
            f"{IGNORED} is the one that asks for nothing"
        )


def fit(model, data, *, steps, batch_size, lr, warmup, clip, every, seed, **functions):
    if not isinstance(model, nn.Module):
        raise TypeError(f"fit: model must be a torch.nn.Module, got {type(model).__name__}")
    if not any(parameter.requires_grad for parameter in model.parameters()):
        raise ValueError("fit: the model has no parameter that learns")
    if not hasattr(data, "held_out") and not hasattr(data, "__iter__"):
        raise TypeError(
            f"fit: data must be a task or give batches (inputs, targets), got {type(data).__name__}"
        )
    for name, size in {"steps": steps, "batch_size": batch_size, "every": every}.items():
        whole_number("fit", name, size, least=1)
    whole_number("fit", "warmup", warmup, most=steps)
    whole_number("fit", "seed", seed)
    positive("fit", "lr", lr)
    if clip is not None:
        positive("fit", "clip", clip)
    for name, function in functions.items():
        if not callable(function) and (function is not None or name not in OPTIONAL):
            raise TypeError(f"fit: {name} must be a function, got {type(function).__name__}")


def batch(batch, step):
    """Return one batch as (inputs, targets)."""
    if not isinstance(batch, (tuple, list)) or len(batch) != 2:
        raise TypeError(
            f"fit: batch {step} must be a pair (inputs, targets), got {type(batch).__name__}"
        )
    return batch


def enough(given, steps):
    if given < steps:
        raise ValueError(f"fit: the data ended after {given} batches, but steps is {steps}")


def loss(loss, step):
    if not isinstance(loss, torch.Tensor) or loss.numel() != 1 or not loss.requires_grad:
        raise TypeError(
            "fit: the loss must be a tensor of one number that depends on the model, got "
            f"{loss if isinstance(loss, (int, float)) else _described(loss)}"
        )
    if not math.isfinite(loss.item()):
        raise ValueError(
            f"fit: the loss of step {step} is {loss.item()}; a smaller lr, a longer warmup or "
            f"clip=1.0 may help, unless the data is not finite"
        )


def _described(loss):
    if not isinstance(loss, torch.Tensor):
        return type(loss).__name__
    return f"shape {tuple(loss.shape)}, requires_grad={loss.requires_grad}"


def same_run(folder, kept, settings):
    """What the folder keeps was written by a run with these settings."""
    parts = {"file", "sha256", "settings", "rng", "losses", "scores"}
    if missing := sorted(parts - kept.keys()):
        raise ValueError(f"fit: checkpoint.json in {folder} lacks {', '.join(missing)}")
    different = [
        f"{name} was {kept['settings'].get(name)!r} and is {value!r}"
        for name, value in settings.items()
        if kept["settings"].get(name) != value
    ]
    if different:
        raise ValueError(
            f"fit: the checkpoint in {folder} belongs to another run: {'; '.join(different)}; "
            f"choose another folder"
        )
