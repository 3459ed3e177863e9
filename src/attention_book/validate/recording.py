"""What is asked of a record, and what stands for a value in it."""

import torch


def record(model, replace):
    if not isinstance(model, torch.nn.Module):
        raise TypeError(f"record: model must be a torch.nn.Module, got {type(model).__name__}")
    if not isinstance(replace, dict):
        raise TypeError(
            f"record: replace must be a dict of functions, got {type(replace).__name__}"
        )


def taps(taps, replace):
    if not taps:
        raise ValueError("record: the model has no Tap, so there is nothing to see")
    for name, function in replace.items():
        if name not in taps:
            raise ValueError(f"record: no tap is called {name!r}; there are {', '.join(taps)}")
        if not callable(function):
            raise TypeError(
                f"record: replace[{name!r}] must be a function of the value, got "
                f"{type(function).__name__}"
            )


def replacement(name, new, old):
    """Return the new value, if it can stand for the old one."""
    if not isinstance(new, torch.Tensor):
        raise TypeError(
            f"record: replace[{name!r}] must return a torch.Tensor, got {type(new).__name__}"
        )
    if new.shape != old.shape or new.dtype != old.dtype:
        raise ValueError(
            f"record: replace[{name!r}] must return {old.dtype} of shape {tuple(old.shape)}, got "
            f"{new.dtype} of shape {tuple(new.shape)}"
        )
    return new
