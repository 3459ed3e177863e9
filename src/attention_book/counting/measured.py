"""What a Transformer costs, counted on real modules, tensors and running functions."""

import weakref

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode

aten = torch.ops.aten


def count_parameters(module: torch.nn.Module) -> int:
    """How many numbers the module learns; tied ones are one."""
    if not isinstance(module, torch.nn.Module):
        raise TypeError(f"count_parameters: expected a module, got {type(module).__name__}")
    return sum(parameter.numel() for parameter in module.parameters())


def count_macs(f, *arguments, **named) -> int:
    """How many multiply-adds PyTorch's matrix products and fused attention make while f runs.

    A mask saves nothing here: what it hides is computed and thrown away.
    """
    _callable("count_macs", f)
    with FlopCounterMode(display=False, custom_mapping=_UNCOUNTED) as counter:
        f(*arguments, **named)
    return counter.get_total_flops() // 2


def count_bytes(*tensors: Tensor) -> int:
    """The memory that the tensors keep; views of the same memory count once."""
    for tensor in tensors:
        if not isinstance(tensor, Tensor):
            raise TypeError(f"count_bytes: expected tensors, got {type(tensor).__name__}")
    storages = [tensor.untyped_storage() for tensor in tensors]
    return sum({s.data_ptr(): s.nbytes() for s in storages if s.nbytes()}.values())


def largest_bytes(f, *arguments, **named) -> int:
    """The size of the largest tensor, views aside, that any operation makes while f runs."""
    _callable("largest_bytes", f)
    with _Largest() as seen:
        f(*arguments, **named)
    return seen.bytes


def peak_bytes(f, *arguments, **named) -> int:
    """How far the memory of all tensors together grows, at most, while f runs.

    Counted after each operation of PyTorch, on any device; what a kernel takes and gives back
    within one operation is not seen, nor what was there before.
    """
    _callable("peak_bytes", f)
    with _Peak() as seen:
        f(*arguments, **named)
    return seen.bytes


class _Largest(TorchDispatchMode):
    bytes = 0

    def __torch_dispatch__(self, function, types, arguments=(), named=None):
        result = function(*arguments, **(named or {}))
        old = {x.untyped_storage().data_ptr() for x in _tensors((arguments, named))}
        made = [x for x in _tensors(result) if x.untyped_storage().data_ptr() not in old]
        self.bytes = max(self.bytes, *map(count_bytes, made), 0)
        return result


class _Peak(TorchDispatchMode):
    bytes = held = 0

    def __torch_dispatch__(self, function, types, arguments=(), named=None):
        old = {x.untyped_storage().data_ptr() for x in _tensors((arguments, named))}
        result = function(*arguments, **(named or {}))
        made = {x.untyped_storage() for x in _tensors(result)}
        for storage in made:
            if storage.data_ptr() not in old:
                self._hold(storage, storage.nbytes())
        self.bytes = max(self.bytes, self.held)
        return result

    def _hold(self, storage, size):
        self.held += size
        weakref.finalize(storage, self._drop, size).atexit = False

    def _drop(self, size):
        self.held -= size


def _tensors(tree):
    return [x for x in tree_leaves(tree) if isinstance(x, Tensor)]


def _fused(q, k, v, *_, **__):
    return 2 * torch.Size(q[:-1]).numel() * k[-2] * (q[-1] + v[-1])


def _vector(a, *_, **__):
    return 2 * torch.Size(a).numel()


_UNCOUNTED = {  # by PyTorch's own counter
    aten._scaled_dot_product_flash_attention_for_cpu: _fused,
    aten.mv: _vector,
    aten.dot: _vector,
}


def _callable(function, f):
    if not callable(f):
        raise TypeError(f"{function}: f must be a function to run, got {type(f).__name__}")
