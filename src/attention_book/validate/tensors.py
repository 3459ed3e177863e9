"""Tensors that must fit each other: q, k, v and mask; ids and lengths."""

import torch
from torch import Tensor

from .numbers import FLOATS, whole_number

MOST_WEIGHT_BYTES = 8 * 2**30
INTS = (torch.int64, torch.int32)


def attention_weights(q, k, mask):
    _inputs("attention_weights", mask, q=q, k=k)
    count = q.shape[:-1].numel() * k.shape[-2]
    if count * q.element_size() > MOST_WEIGHT_BYTES:
        raise ValueError(
            f"attention_weights: the weights of {q.shape[-2]} queries on {k.shape[-2]} keys would "
            f"take {count * q.element_size():,} bytes; attention(q, k, v) never holds them all"
        )


def attention(q, k, v, mask):
    if _usual(q, k, v):
        if mask is not None:
            mask_fits("attention", "mask", mask, (*q.shape[:-1], k.shape[-2]), q.device)
        return
    _inputs("attention", mask, q=q, k=k, v=v)
    if v.shape[-2] != k.shape[-2]:
        raise ValueError(
            f"attention: every key needs one value, got {k.shape[-2]} keys and "
            f"{v.shape[-2]} values ({shapes(q=q, k=k, v=v)})"
        )


def _usual(q, k, v):
    """At a glance: nothing is wrong with these, so no check has to look for what it is."""
    if not isinstance(q, Tensor) or not isinstance(k, Tensor) or not isinstance(v, Tensor):
        return False
    if q.ndim < 2 or k.ndim < 2:
        return False
    *batch, _, width = q.shape
    *others, _, k_width = k.shape
    return (
        batch == others
        and width == k_width > 0
        and k.shape == v.shape
        and q.dtype == k.dtype == v.dtype
        and q.dtype in FLOATS
        and q.device == k.device == v.device
    )


def ids(function, name, ids, size, size_name):
    """Whole numbers from 0 to size - 1."""
    integers(function, name, ids)
    if ids.numel() == 0:
        return
    low, high = (int(end) for end in ids.aminmax())
    if low < 0 or high >= size:
        wrong = low if low < 0 else high
        at = (ids == wrong).nonzero()[0].tolist()
        raise IndexError(
            f"{function}: {name}{at} is {wrong}, but {size_name} is {size}: "
            f"they go from 0 to {size - 1}"
        )


def lengths(function, lengths, n_keys):
    whole_number(function, "n_keys", n_keys)
    integers(function, "lengths", lengths)
    if lengths.ndim != 1:
        raise ValueError(
            f"{function}: lengths must be (batch,), one number for each row, got shape "
            f"{tuple(lengths.shape)}"
        )
    for row, length in enumerate(lengths.tolist()):
        if not 0 <= length <= n_keys:
            raise ValueError(
                f"{function}: lengths[{row}] must be from 0 to n_keys, {n_keys}, got {length}"
            )


def integers(function, name, x):
    if not isinstance(x, torch.Tensor):
        raise TypeError(
            f"{function}: {name} must be a torch.Tensor, got {type(x).__name__}; "
            f"write torch.tensor({name})"
        )
    if x.dtype not in INTS:
        raise TypeError(f"{function}: {name} must be int64 or int32, got {x.dtype}")


def _inputs(function, mask, **tensors):
    alike(function, **tensors)
    q, k = tensors["q"], tensors["k"]
    if q.shape[-1] != k.shape[-1] or q.shape[-1] == 0:
        raise ValueError(
            f"{function}: queries and keys must have the same width, at least 1, got "
            f"{q.shape[-1]} and {k.shape[-1]} ({shapes(**tensors)})"
        )
    if mask is not None:
        mask_fits(function, "mask", mask, (*q.shape[:-1], k.shape[-2]), q.device)


def float_tensor(function, name, tensor):
    if not isinstance(tensor, torch.Tensor):
        raise TypeError(f"{function}: {name} must be a torch.Tensor, got {type(tensor).__name__}")
    if tensor.dtype not in FLOATS:
        raise TypeError(
            f"{function}: {name} must hold real floats, got {tensor.dtype}; write {name}.float()"
        )
    if tensor.ndim < 2:
        raise ValueError(
            f"{function}: {name} must be (..., tokens, width), got shape {tuple(tensor.shape)}; "
            f"for a single vector write {name}[None]"
        )


def alike(function, **tensors):
    """All have the dtype, device, batch and heads of the first."""
    for name, x in tensors.items():
        float_tensor(function, name, x)
    (first, q), *others = tensors.items()
    kind, place, batch = q.dtype, q.device, q.shape[:-2]
    for name, x in others:
        if x.dtype != kind or x.device != place:
            raise TypeError(
                f"{function}: {name} must have the dtype and device of {first}, got {x.dtype} on "
                f"{x.device} and {q.dtype} on {q.device}"
            )
        if x.shape[:-2] != batch:
            raise ValueError(
                f"{function}: {name} must have the batch and heads of {first}, got "
                f"{shapes(**tensors)}; to share one {name} write {name}.expand(...)"
            )


def mask_fits(function, name, mask, full, device):
    if not isinstance(mask, torch.Tensor):
        raise TypeError(f"{function}: {name} must be a torch.Tensor, got {type(mask).__name__}")
    if mask.dtype != torch.bool:
        raise TypeError(
            f"{function}: {name} must be bool, True = may attend, got {mask.dtype}; if its ones "
            f"mean 'may attend' write {name}.bool(), if it holds -inf where it blocks, {name} == 0"
        )
    if mask.device != device:
        raise TypeError(f"{function}: {name} is on {mask.device}, the queries on {device}")
    if not _fits(mask.shape, full):
        raise ValueError(
            f"{function}: {name} of shape {tuple(mask.shape)} does not fit {full[-2]} queries and "
            f"{full[-1]} keys; expected {full[-2:]}, or {len(full)} axes that broadcast to {full}"
        )


def _fits(shape, full):
    if len(shape) == 2:
        return shape == full[-2:]
    return len(shape) == len(full) and all(a in (1, b) for a, b in zip(shape, full, strict=True))


def shapes(**tensors):
    return ", ".join(f"{name} {tuple(tensor.shape)}" for name, tensor in tensors.items())
