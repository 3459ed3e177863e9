"""What goes into a module must fit its weights, its memory and its cache."""

import torch

from .tensors import alike, ids, integers, mask_fits, shapes


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


def record(model, replace):
    if not isinstance(model, torch.nn.Module):
        raise TypeError(f"record: model must be a torch.nn.Module, got {type(model).__name__}")
    if not isinstance(replace, dict):
        raise TypeError(
            f"record: replace must be a dict of functions, got {type(replace).__name__}"
        )


def taps(taps, replace):
    if not taps:
        raise ValueError("record: the model has no Tap, so there is nothing to see")
    for name, function in replace.items():
        if name not in taps:
            raise ValueError(f"record: no tap is called {name!r}; there are {', '.join(taps)}")
        if not callable(function):
            raise TypeError(
                f"record: replace[{name!r}] must be a function of the value, got "
                f"{type(function).__name__}"
            )


def replacement(name, new, old):
    """Return the new value, if it can stand for the old one."""
    if not isinstance(new, torch.Tensor):
        raise TypeError(
            f"record: replace[{name!r}] must return a torch.Tensor, got {type(new).__name__}"
        )
    if new.shape != old.shape or new.dtype != old.dtype:
        raise ValueError(
            f"record: replace[{name!r}] must return {old.dtype} of shape {tuple(old.shape)}, got "
            f"{new.dtype} of shape {tuple(new.shape)}"
        )
    return new
