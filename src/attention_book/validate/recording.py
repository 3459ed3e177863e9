"""What is asked of a record, and what stands for a value in it."""

import torch

from .numbers import instance


def record(taps, replace):
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
    instance("record", f"what replace[{name!r}] returns", new, torch.Tensor)
    if new.shape != old.shape or new.dtype != old.dtype:
        raise ValueError(
            f"record: replace[{name!r}] must return {old.dtype} of shape {tuple(old.shape)}, got "
            f"{new.dtype} of shape {tuple(new.shape)}"
        )
    return new
