"""A text for a fixed memory: a query for each key, shares for each token, and what is kept."""

import torch

from .numbers import refuse
from .tensors import FLOATS, attention, same_kind, shapes, tensor


def same_tokens(function, q, k, v):
    """Queries, keys and values of the same tokens."""
    attention(function, None, False, q=q, k=k, v=v)
    if q.shape[-2] != k.shape[-2]:
        refuse(function, "every key", "have one query", shapes(q=q, k=k, v=v))


def per_token(function, k, **shares):
    """One number for each token of the keys."""
    for name, x in shares.items():
        tensor(function, name, x, FLOATS, ("...",))
        same_kind(function, name, x, "k", k)
        if x.shape != k.shape[:-1]:
            refuse(function, name, f"have shape {tuple(k.shape[:-1])}", tuple(x.shape))


def kept_memory(function, name, x, k, v):
    """What an earlier call returned, for this batch and these widths."""
    full = (*k.shape[:-2], k.shape[-1], v.shape[-1])
    tensor(function, name, x, FLOATS, ("...", "D", "Dv"))
    if x.shape != full:
        refuse(function, name, f"have shape {full}", tuple(x.shape))
    kind = torch.promote_types(k.dtype, torch.float32)
    if x.dtype != kind or x.device != k.device:
        refuse(
            function, name, f"be {kind} on {k.device}", f"{x.dtype} on {x.device}", kind=TypeError
        )
    return x


def kept_sums(function, state, k, v):
    """The memory and the sum of keys of an earlier call."""
    if not isinstance(state, tuple) or len(state) != 2:
        refuse(function, "state", "be the pair that an earlier call returned", type(state).__name__)
    return kept_memory(function, "state[0]", state[0], k, v), kept_memory(
        function, "state[1]", state[1], k, k[..., :1]
    )
