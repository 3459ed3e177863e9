"""What is asked of a record, and what stands for a value in it."""

import torch

from .numbers import instance, refuse


def record(taps, replace):
    if not taps:
        raise ValueError("record: the model has no Tap, so there is nothing to see")
    for name, function in replace.items():
        if name not in taps:
            raise ValueError(f"record: no tap is called {name!r}; there are {', '.join(taps)}")
        if not callable(function):
            got = type(function).__name__
            refuse(
                "record", f"replace[{name!r}]", "be a function of the value", got, kind=TypeError
            )


def replacement(name, new, old):
    """Return the new value, if it can stand for the old one."""
    what = f"what replace[{name!r}] returns"
    instance("record", what, new, torch.Tensor)
    if (new.shape, new.dtype) != (old.shape, old.dtype):
        got = f"{new.dtype} of shape {tuple(new.shape)}"
        refuse("record", what, f"be {old.dtype} of shape {tuple(old.shape)}", got)
    return new
