"""What goes into a cache must fit what it keeps, and the room that is left."""

import torch

from .numbers import instance, refuse
from .tensors import FLOATS, INTS, ids, same_kind, shapes, tensor


def append(cache, k, v):
    function = f"{type(cache).__name__}.append"
    heads = "heads" if cache.k is None else cache.k.shape[1]
    for name, x, kept in (("k", k, cache.k), ("v", v, cache.v)):
        width = "width" if kept is None else kept.shape[3]
        axes = ("batch", heads, "tokens", width)
        tensor(function, name, x, FLOATS, axes, kept, "what the cache keeps")
        same_kind(function, name, x, "k", k)
    if v.shape[:3] != k.shape[:3]:
        refuse(function, "every key", "have one value", shapes(k=k, v=v))
    room(function, cache, k.shape[0], k.shape[2])
    if cache.k is not None and cache.k.is_inference() and not torch.is_inference_mode_enabled():
        raise ValueError(
            f"{function}: what the cache keeps was computed under torch.inference_mode(), where "
            f"PyTorch only lets it go on; use torch.no_grad() for both, or inference_mode for both"
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
            f"a new batch needs a new {type(cache).__name__}"
        )


def without_gradient(cache, k, v):
    """What is kept in another form than it came cannot pass a gradient back."""
    for name, x in (("k", k), ("v", v)):
        if x.requires_grad:
            refuse(
                f"{type(cache).__name__}.append", name, "carry no gradient", "one that does",
                "write texts under torch.no_grad(), and train with a KVCache",
            )  # fmt: skip


def one_without_gradient(cache, k, v):
    if k.shape[0] != 1:
        refuse(
            f"{type(cache).__name__}.append", "k", "be of one text", f"a batch of {k.shape[0]}",
            "give each text a cache of its own, on the same pages",
        )  # fmt: skip
    without_gradient(cache, k, v)


def same_memory(function, cache, memory):
    instance(function, "memory", memory, torch.Tensor)
    if cache.memory is not None and cache.memory is not memory:
        raise ValueError(
            f"{function}: the cache keeps the keys and values of another memory; pass the very "
            f"tensor of the first step, or a new KVCache"
        )


def rows(function, cache, rows):
    tensor(function, "rows", rows, INTS, ("rows",))
    if cache.k is None:
        raise ValueError(f"{function}: the cache keeps no rows yet")
    ids(function, "rows", rows, cache.k.shape[0], "batch")
