"""Look inside a model without changing it, or change one value and watch what follows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident

from torch import Tensor, nn

from . import validate


class Tap(nn.Module):
    """An identity with a name: the place where `record` listens to a value or replaces it."""

    def __init__(self):
        super().__init__()
        self.listeners = {}  # one for each open record: the thread that opened it

    @property
    def open(self) -> bool:
        """Somebody in this thread listens."""
        return bool(self.listeners) and get_ident() in self.listeners.values()

    def __call__(self, value):
        """Only a tap that somebody listens to costs the call of a module."""
        heard = self.listeners or self._forward_hooks or self._forward_pre_hooks
        return super().__call__(value) if heard else value

    def forward(self, value: Tensor) -> Tensor:
        """The value, as the listeners of this thread leave it."""
        for listen, thread in list(self.listeners.items()):
            if thread == get_ident():
                value = listen(value)
        return value

    def __getstate__(self):
        """A copy, or one that is pickled, has no listeners."""
        return self.__dict__ | {"listeners": {}}


@contextmanager
def record(
    model: nn.Module, replace: dict[str, Callable[[Tensor], Tensor]] | None = None
) -> Iterator[dict[str, list[Tensor]]]:
    """Collect what flows through every `Tap` of the model: name -> list, one value for each call.

    `replace={name: function}` passes a tap's value through the function first; setting it to
    zero is an ablation. The values keep their gradients. Calls from other threads, and of copies
    of the model, are not recorded. On exit, also after an error, the model is as it was; what was
    collected stays.
    ValueError for a name that no tap of the model has, or a replacement of another shape or type.
    """
    validate.instance("record", "model", model, nn.Module)
    replace = {} if replace is None else replace
    validate.instance("record", "replace", replace, dict)
    taps = {name: module for name, module in model.named_modules() if isinstance(module, Tap)}
    validate.record(taps, replace)
    values: dict[str, list] = {name: [] for name in taps}
    listeners = {name: _listener(name, values[name], replace.get(name)) for name in taps}
    for name, tap in taps.items():
        tap.listeners[listeners[name]] = get_ident()
    try:
        yield values
    finally:
        for name, tap in taps.items():
            del tap.listeners[listeners[name]]


def _listener(name, values, change):
    def listen(value):
        if change is not None:
            value = validate.replacement(name, change(value), value)
        values.append(value)
        return value

    return listen
