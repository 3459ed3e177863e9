"""What goes into a cache must fit what it keeps, and the room that is left."""

import torch

from .tensors import alike, ids, integers, shapes


def append(cache, k, v):
    function = "KVCache.append"
    if cache.k is None or not _usual(cache, k, v):
        _append(function, cache, k, v)


def _usual(cache, k, v):
    """At a glance: more tokens of the very kind that is kept."""
    kept = cache.k
    if not isinstance(k, torch.Tensor) or not isinstance(v, torch.Tensor) or k.ndim != 4:
        return False
    batch, heads, n, width = k.shape
    return (
        (batch, heads, width) == (*kept.shape[:2], kept.shape[3])
        and k.shape == v.shape
        and kept.shape == cache.v.shape
        and k.dtype == v.dtype == kept.dtype
        and k.device == v.device == kept.device
        and cache.length + n <= cache.max_len
    )


def _append(function, cache, k, v):
    alike(function, k=k, v=v)
    if k.ndim != 4:
        raise ValueError(
            f"{function}: k and v must be (batch, heads, tokens, width), got {shapes(k=k, v=v)}"
        )
    if v.shape[2] != k.shape[2]:
        raise ValueError(f"{function}: every key needs one value, got {shapes(k=k, v=v)}")
    room(function, cache, k.shape[0], k.shape[2])
    if cache.k is not None:
        _as_kept(function, "k", k, cache.k)
        _as_kept(function, "v", v, cache.v)


def _as_kept(function, name, x, kept):
    if x.shape[1] != kept.shape[1] or x.shape[3] != kept.shape[3]:
        raise ValueError(
            f"{function}: {name} must have the heads and width of what the cache keeps, "
            f"{kept.shape[1]} and {kept.shape[3]}, got shape {tuple(x.shape)}"
        )
    if x.dtype != kept.dtype or x.device != kept.device:
        raise TypeError(
            f"{function}: {name} must have the dtype and device of what the cache keeps, "
            f"{kept.dtype} on {kept.device}, got {x.dtype} on {x.device}"
        )


def room(function, cache, batch, n):
    """`n` more tokens of this batch fit into the cache."""
    if cache.length + n > cache.max_len:
        raise ValueError(
            f"{function}: the cache has room for {cache.max_len} tokens and keeps {cache.length}; "
            f"{n} more do not fit"
        )
    if cache.k is not None and cache.k.shape[0] != batch:
        raise ValueError(
            f"{function}: the cache keeps a batch of {cache.k.shape[0]}, got a batch of {batch}; "
            f"a new batch needs a new KVCache"
        )


def same_memory(function, cache, memory):
    if not isinstance(memory, torch.Tensor):
        raise TypeError(f"{function}: memory must be a torch.Tensor, got {type(memory).__name__}")
    if cache.memory is not None and cache.memory is not memory:
        raise ValueError(
            f"{function}: the cache keeps the keys and values of another memory; pass the very "
            f"tensor of the first step, or a new KVCache"
        )


def rows(function, cache, rows):
    integers(function, "rows", rows)
    if cache.k is None:
        raise ValueError(f"{function}: the cache keeps no rows yet")
    if rows.ndim != 1:
        raise ValueError(f"{function}: rows must be (rows,), got shape {tuple(rows.shape)}")
    ids(function, "rows", rows, cache.k.shape[0], "batch")
