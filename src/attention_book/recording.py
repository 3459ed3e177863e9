"""Look inside a model without changing it, or change one value and watch what follows."""

from collections.abc import Callable
from contextlib import contextmanager

from torch import Tensor, nn

from . import validate


class Tap(nn.Module):
    """An identity with a name: the place where `record` listens to a value or replaces it."""

    def __init__(self):
        super().__init__()
        self.listeners = []

    @property
    def open(self) -> bool:
        """Somebody listens."""
        return bool(self.listeners)

    def forward(self, value):
        for listen in self.listeners:
            value = listen(value)
        return value


@contextmanager
def record(model: nn.Module, replace: dict[str, Callable[[Tensor], Tensor]] | None = None):
    """Collect what flows through every `Tap` of the model: name -> list, one value for each call.

    `replace={name: function}` passes a tap's value through the function first; setting it to
    zero is an ablation. The values keep their gradients. On exit, also after an error, the model
    is as it was; what was collected stays.
    ValueError for a name that no tap of the model has, or a replacement of another shape or type.
    """
    replace = {} if replace is None else replace
    validate.record(model, replace)
    taps = {name: module for name, module in model.named_modules() if isinstance(module, Tap)}
    validate.taps(taps, replace)
    values = {name: [] for name in taps}
    listeners = {name: _listener(name, values[name], replace.get(name)) for name in taps}
    for name, tap in taps.items():
        tap.listeners.append(listeners[name])
    try:
        yield values
    finally:
        for name, tap in taps.items():
            tap.listeners.remove(listeners[name])


def _listener(name, values, change):
    def listen(value):
        if change is not None:
            value = validate.replacement(name, change(value), value)
        values.append(value)
        return value

    return listen
