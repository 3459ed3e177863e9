"""Tensors by themselves and together: kind, shape and place; q, k, v and mask; ids and lengths."""

import torch

from .numbers import flag, refuse, whole_number

FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
INTS = (torch.int64, torch.int32)
WANTED = {FLOATS: "real floats", INTS: "int64 or int32", INTS + FLOATS: "numbers"}
MOST_WEIGHT_BYTES = 8 * 2**30


def tensor(function, name, x, kinds, axes, like=None, whose="the model"):
    """A tensor of these dtypes and axes (a size, a name for any size, "..." for any axes before).

    With `like`, also of its dtype, unless autocast chooses that, and on its device.
    """
    if not isinstance(x, torch.Tensor):
        write = f"write torch.tensor({name})" if name.isidentifier() else ""
        refuse(function, name, "be a torch.Tensor", type(x).__name__, write, TypeError)
    if x.dtype not in kinds:
        write = f"write {name}.float()" if kinds is FLOATS else ""
        refuse(function, name, f"hold {WANTED[kinds]}", x.dtype, write, TypeError)
    any_before = axes[:1] == ("...",)
    missing = len(axes) - any_before - x.ndim
    if missing > 0 or (missing and not any_before) or not _sized(x.shape, axes):
        write = f"for a single one write {name}[None]" if missing == 1 and len(axes) > 1 else ""
        wanted = f"be ({', '.join(map(str, axes))}{',' * (len(axes) == 1)})"
        refuse(function, name, wanted, f"shape {tuple(x.shape)}", write)
    if like is not None:
        same_kind(function, name, x, whose, like)


def _sized(shape, axes):
    """The last sizes, as far as they are given, are these."""
    pairs = zip(reversed(shape), reversed(axes), strict=False)
    return all(isinstance(axis, str) or axis == size for size, axis in pairs)


def same_kind(function, name, x, whose, y):
    """On the device of y and, of two floats, in its dtype, unless autocast chooses that."""
    if x.device != y.device:
        refuse(function, name, f"have the device of {whose}, {y.device}", x.device, kind=TypeError)
    if x.dtype != y.dtype and x.dtype in FLOATS and not _autocast(x):
        refuse(function, name, f"have the dtype of {whose}, {y.dtype}", x.dtype, kind=TypeError)


def _autocast(x):
    return not x.is_meta and torch.is_autocast_enabled(x.device.type)


def attention(function, mask, causal, **tensors):
    """Queries, keys and, if they are given, values, of one kind, and a mask that fits them."""
    (_, q), (_, k), *values = tensors.items()
    for name, x in tensors.items():
        tensor(function, name, x, FLOATS, ("...", "tokens", "width"))
    for name, x in tensors.items():
        same_kind(function, name, x, "q", q)
        if x.shape[:-2] != q.shape[:-2]:
            write = f"to share one {name} write {name}.expand(...)"
            refuse(function, name, "have the batch and heads of q", shapes(**tensors), write)
    if q.shape[-1] != k.shape[-1] or q.shape[-1] == 0:
        got = f"{q.shape[-1]} and {k.shape[-1]} ({shapes(**tensors)})"
        refuse(function, "queries and keys", "have the same width, at least 1", got)
    if values and values[0][1].shape[-2] != k.shape[-2]:
        refuse(function, "every key", "have one value", shapes(**tensors))
    view(function, "mask", mask, causal, (*q.shape[:-1], k.shape[-2]), q)


def few_enough(function, q, k):
    size = q.shape[:-1].numel() * k.shape[-2] * q.element_size()
    if size > MOST_WEIGHT_BYTES:
        raise ValueError(
            f"{function}: the weights of {q.shape[-2]} queries on {k.shape[-2]} keys would "
            f"take {size:,} bytes; attention(q, k, v) never holds them all"
        )


def view(function, name, mask, causal, full, q):
    """What a call says of who sees whom fits weights of the shape `full`."""
    flag(function, "causal", causal)
    sizes = f"{full[-2]} queries and {full[-1]} keys"
    if causal and full[-2] > full[-1]:
        refuse(function, "causal queries", "be the last of the keys", sizes)
    if mask is None:
        return
    if not isinstance(mask, torch.Tensor):
        got, write = type(mask).__name__, f"write torch.tensor({name})"
        refuse(function, name, "be a torch.Tensor", got, write, TypeError)
    if mask.dtype != torch.bool:
        write = f"if its ones mean 'may attend' write {name}.bool()"
        write += f", if it holds -inf where it blocks, {name} == 0"
        refuse(function, name, "be bool, True = may attend", mask.dtype, write, TypeError)
    if mask.device != q.device:
        raise TypeError(f"{function}: {name} is on {mask.device}, the queries on {q.device}")
    shape, n = tuple(mask.shape), len(full)
    if shape != full[-2:] and not (len(shape) == n and _stretches(shape, full)):
        axes = ", None" * (n - 2)
        write = f"; write {name}[:{axes}]" if shape == (full[0], full[-1]) and n > 2 else ""
        raise ValueError(
            f"{function}: {name} of shape {shape} does not fit {sizes}; expected {full[-2:]}, or "
            f"{n} axes that broadcast to {full}{write}"
        )


def _stretches(shape, full):
    return all(size == 1 or size == whole for size, whole in zip(shape, full, strict=True))


def readable(x):
    """Whether values can be looked at: not while a program is traced, mapped or only sized."""
    return not (x.is_meta or torch.compiler.is_compiling() or mapped(x))


def mapped(x):
    """Whether x stands for many tensors, or for a derivative, of `torch.func`."""
    return not torch.compiler.is_compiling() and torch._C._functorch.is_functorch_wrapped_tensor(x)


def transforming():
    """Whether a transform of `torch.func` is at work, on whichever tensor."""
    level = torch._C._functorch.peek_interpreter_stack
    return not torch.compiler.is_compiling() and level() is not None


def ids(function, name, ids, size, size_name):
    """Whole numbers from 0 to size - 1."""
    if ids.numel() == 0 or not readable(ids):
        return
    low, high = (int(end) for end in ids.aminmax())
    if low < 0 or high >= size:
        wrong = low if low < 0 else high
        raise IndexError(
            f"{function}: {name}{(ids == wrong).nonzero()[0].tolist()} is {wrong}, but "
            f"{size_name} is {size}: they go from 0 to {size - 1}"
        )


def lengths(function, lengths, n_keys):
    n_keys = whole_number(function, "n_keys", n_keys)
    tensor(function, "lengths", lengths, INTS, ("batch",))
    for row, length in enumerate(lengths.tolist() if readable(lengths) else ()):
        whole_number(function, f"lengths[{row}]", length, most=n_keys)


def shapes(**tensors):
    return ", ".join(f"{name} {tuple(tensor.shape)}" for name, tensor in tensors.items())


def finite(function, name, x):
    """Numbers that have a size; on a GPU this waits for them."""
    if readable(x) and not x.isfinite().all():
        refuse(function, name, "be finite", "NaN or infinity")


def sink(function, sink, q):
    """One number for each head of q."""
    tensor(function, "q", q, FLOATS, ("...", "heads", "tokens", "width"))
    tensor(function, "sink", sink, FLOATS, (q.shape[-3],))
    if sink.device != q.device:
        refuse(function, "sink", f"be on the device of q, {q.device}", sink.device, kind=TypeError)
