"""What goes into a module must fit its weights, its memory and its cache."""

import torch

from .caches import room, same_memory
from .tensors import mask_fits, shapes


def multi_head(function, module, x, memory, mask, cache, mask_name="mask"):
    weight = module.q_proj.weight
    tokens(function, "x", x, weight)
    batch, n_queries, _ = x.shape
    n_keys = n_queries
    if memory is not None:
        tokens(function, "memory", memory, weight)
        n_keys = memory.shape[1]
        if memory.shape[0] != batch:
            raise ValueError(
                f"{function}: memory must have the batch of x, got {shapes(x=x, memory=memory)}"
            )
    if cache is not None:
        if not hasattr(cache, "max_len"):
            raise TypeError(f"{function}: cache must be one KVCache, got {type(cache).__name__}")
        if memory is None:
            n_keys += cache.length
            room(function, cache, batch, n_queries)
        else:
            same_memory(function, cache, memory)
    if mask is not None:
        mask_fits(function, mask_name, mask, (batch, module.n_heads, n_queries, n_keys), x.device)


def block(function, module, x, mask, memory, memory_mask, cache):
    multi_head(function, module.attention, x, None, mask, cache)
    if module.cross_attention is not None:
        if memory is None:
            raise ValueError(f"{function}: this block has cross-attention, so it needs a memory")
        multi_head(function, module.cross_attention, x, memory, memory_mask, cache, "memory_mask")
    elif memory is not None or memory_mask is not None:
        raise ValueError(
            f"{function}: this block has no cross-attention to read a memory with; "
            f"make it with cross=True"
        )


def tokens(function, name, x, weight):
    features(function, name, x, weight)
    if x.ndim != 3:
        raise ValueError(
            f"{function}: {name} must be (batch, tokens, {weight.shape[-1]}), got shape "
            f"{tuple(x.shape)}; for a single sequence write {name}[None]"
        )


def features(function, name, x, weight):
    """Vectors as wide as the rows of `weight`, of its dtype and on its device."""
    if not isinstance(x, torch.Tensor):
        raise TypeError(f"{function}: {name} must be a torch.Tensor, got {type(x).__name__}")
    if (x.dtype != weight.dtype or x.device != weight.device) and not _autocast(x, weight):
        raise TypeError(
            f"{function}: {name} must have the dtype and device of the module, got {x.dtype} on "
            f"{x.device} and {weight.dtype} on {weight.device}; write {name}.to(weight)"
        )
    if x.ndim == 0 or x.shape[-1] != weight.shape[-1]:
        raise ValueError(
            f"{function}: {name} must be vectors of width {weight.shape[-1]}, got shape "
            f"{tuple(x.shape)}"
        )


def _autocast(x, weight):
    return x.device == weight.device and torch.is_autocast_enabled(x.device.type)
