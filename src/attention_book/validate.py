"""Every check of arguments, and the text of every error.

Checks run before PyTorch sees the arguments, because some of its kernels accept sizes that do
not fit and read past the end of the shorter one.
"""

import torch

MOST_WEIGHT_BYTES = 8 * 2**30
FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def attention_weights(q, k, mask):
    _inputs("attention_weights", mask, q=q, k=k)
    count = q.shape[:-1].numel() * k.shape[-2]
    if count * q.element_size() > MOST_WEIGHT_BYTES:
        raise ValueError(
            f"attention_weights: the weights of {q.shape[-2]} queries on {k.shape[-2]} keys would "
            f"take {count * q.element_size():,} bytes; attention(q, k, v) never holds them all"
        )


def attention(q, k, v, mask):
    _inputs("attention", mask, q=q, k=k, v=v)
    if v.shape[-2] != k.shape[-2]:
        raise ValueError(
            f"attention: every key needs one value, got {k.shape[-2]} keys and "
            f"{v.shape[-2]} values ({_shapes(q=q, k=k, v=v)})"
        )


def causal_sizes(function, n_queries, n_keys):
    for name, size in {"n_queries": n_queries, "n_keys": n_keys}.items():
        whole_number(function, name, size)
    if n_queries > n_keys:
        raise ValueError(
            f"{function}: the queries are the last of the keys, but n_queries is {n_queries} "
            f"and n_keys is {n_keys}; the first {n_queries - n_keys} would see nothing"
        )


def whole_number(function, name, size, least=0):
    if isinstance(size, bool) or not isinstance(size, int):
        raise TypeError(f"{function}: {name} must be an int, got {size!r} ({type(size).__name__})")
    if size < least:
        raise ValueError(f"{function}: {name} must be at least {least}, got {size}")


def _inputs(function, mask, **tensors):
    for name, tensor in tensors.items():
        _float_tensor(function, name, tensor)
    q = tensors["q"]
    for name, tensor in tensors.items():
        _alike(function, q, name, tensor, tensors)
    k = tensors["k"]
    if q.shape[-1] != k.shape[-1] or q.shape[-1] == 0:
        raise ValueError(
            f"{function}: queries and keys must have the same width, at least 1, got "
            f"{q.shape[-1]} and {k.shape[-1]} ({_shapes(**tensors)})"
        )
    if mask is not None:
        _mask(function, mask, q, k)


def _float_tensor(function, name, tensor):
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


def _alike(function, q, name, tensor, tensors):
    if tensor.dtype != q.dtype or tensor.device != q.device:
        raise TypeError(
            f"{function}: {name} must have the dtype and device of q, got {tensor.dtype} on "
            f"{tensor.device} and {q.dtype} on {q.device}"
        )
    if tensor.shape[:-2] != q.shape[:-2]:
        raise ValueError(
            f"{function}: {name} must have the batch and heads of q, got {_shapes(**tensors)}; "
            f"to share one {name} write {name}.expand(...)"
        )


def _mask(function, mask, q, k):
    if not isinstance(mask, torch.Tensor):
        raise TypeError(f"{function}: mask must be a torch.Tensor, got {type(mask).__name__}")
    if mask.dtype != torch.bool:
        raise TypeError(
            f"{function}: mask must be bool, True = may attend, got {mask.dtype}; if its ones "
            f"mean 'may attend' write mask.bool(), if it holds -inf where it blocks, mask == 0"
        )
    if mask.device != q.device:
        raise TypeError(f"{function}: mask is on {mask.device}, q on {q.device}")
    full = (*q.shape[:-1], k.shape[-2])
    if not _fits(tuple(mask.shape), full):
        raise ValueError(
            f"{function}: mask of shape {tuple(mask.shape)} does not fit {q.shape[-2]} queries and "
            f"{k.shape[-2]} keys; expected {full[-2:]}, or {len(full)} axes that broadcast to {full}"
        )


def _fits(shape, full):
    if len(shape) == 2:
        return shape == full[-2:]
    return len(shape) == len(full) and all(a in (1, b) for a, b in zip(shape, full, strict=True))


def _shapes(**tensors):
    return ", ".join(f"{name} {tuple(tensor.shape)}" for name, tensor in tensors.items())
