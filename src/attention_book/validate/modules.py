"""What goes into a module must fit its weights, its memory and its cache."""

import torch

from .caches import room, same_memory
from .numbers import even, instance, refuse
from .tensors import FLOATS, INTS, shapes, tensor, view


def features(function, name, x, weight):
    """Vectors as wide as the rows of `weight`, of its dtype and on its device."""
    tensor(function, name, x, FLOATS, ("...", weight.shape[-1]), like=weight)


def tokens(function, name, x, weight):
    tensor(function, name, x, FLOATS, ("batch", "tokens", weight.shape[-1]), like=weight)


def multi_head(function, module, x, memory, mask, causal, cache, mask_name="mask"):
    weight = module.q_proj.weight
    tokens(function, "x", x, weight)
    batch, n_queries, _ = x.shape
    n_keys = n_queries
    if memory is not None:
        tokens(function, "memory", memory, weight)
        n_keys = memory.shape[1]
        if memory.shape[0] != batch:
            refuse(function, "memory", "have the batch of x", shapes(x=x, memory=memory))
    if cache is not None:
        if not hasattr(cache, "max_len"):
            refuse(function, "cache", "be one KVCache", type(cache).__name__, kind=TypeError)
        if memory is None:
            n_keys += cache.length
            room(function, cache, batch, n_queries)
        else:
            same_memory(function, cache, memory)
    view(function, mask_name, mask, causal, (batch, module.n_heads, n_queries, n_keys), x)


def block(function, module, x, memory, mask, causal, memory_mask, cache):
    multi_head(function, module.attention, x, None, mask, causal, cache)
    cross = module.cross_attention
    if cross is not None:
        instance(f"{function} with cross-attention", "memory", memory, torch.Tensor)
        multi_head(function, cross, x, memory, memory_mask, False, cache, "memory_mask")
    elif memory is not None or memory_mask is not None:
        raise ValueError(
            f"{function}: this block has no cross-attention to read a memory with; "
            f"make it with cross=True"
        )


def rotation(function, x, places):
    """Vectors of pairs of features, and as many places as tokens."""
    tensor(function, "x", x, FLOATS, ("...", "tokens", "width"))
    even(function, "the width of x", x.shape[-1])
    tensor(function, "places", places, INTS + FLOATS, (x.shape[-2],))
    if places.device != x.device:
        refuse(function, "places", f"have the device of x, {x.device}", places.device)
