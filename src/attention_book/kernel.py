"""PyTorch's fused attention, led past what it does not do: slices, empty rows, derivatives."""

import torch
import torch.nn.functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel

from . import validate
from .masks import causal_mask

MOST_MASKED = 2**22  # pairs of query and key in one call of the kernel under a mask


def fused(q, k, v, mask, causal):
    """`attention` of four axes, unchecked."""
    n_queries, n_keys = q.shape[2], k.shape[2]
    causal = causal and n_queries > 1  # a single query is the last one and sees all
    if mask is None and not (causal and n_queries < n_keys):
        return _kernel(q, k, v, is_causal=causal)
    if mask is None and q.is_cuda:
        from torch.nn.attention.bias import causal_lower_right  # brings PyTorch's compiler along

        return _kernel(q, k, v, attn_mask=causal_lower_right(n_queries, n_keys))
    # On a CPU the kernel makes a float of each bool, for long texts as large as all weights.
    rows = max(1, MOST_MASKED // max(1, n_keys))
    if q.is_cuda or rows >= n_queries or not (causal or mask.shape[-2] > 1):
        return _masked(q, k, v, mask, causal)
    return _by_slices(q, k, v, mask, causal, rows)


def _by_slices(q, k, v, mask, causal, rows):
    parts = []
    for start in range(0, q.shape[2], rows):
        part = q[:, :, start : start + rows]
        seen = k.shape[2] - causal * (q.shape[2] - start - part.shape[2])
        view = mask if mask is None or mask.shape[-2] == 1 else mask[..., start : start + rows, :]
        view = view if view is None else view[..., :seen]
        parts.append(_masked(part, k[:, :, :seen], v[:, :, :seen], view, causal))
    return torch.cat(parts, dim=2)


def _masked(q, k, v, mask, causal):
    if causal:
        past = causal_mask(q.shape[2], k.shape[2], device=q.device)
        mask = past if mask is None else past & mask
    out = _kernel(q, k, v, attn_mask=mask)
    # Not every kernel gives zeros where nothing may be seen: on a GPU in half precision, none does.
    empty = ~mask.any(-1, keepdim=True)
    in_place = not out.requires_grad and validate.readable(out)
    return out.masked_fill_(empty, 0.0) if in_place else out.masked_fill(empty, 0.0)


def _kernel(q, k, v, **view):
    if validate.transforming():  # the fused kernel has no rule for vmap
        with sdpa_kernel(SDPBackend.MATH):
            return F.scaled_dot_product_attention(q, k, v, **view)
    out = F.scaled_dot_product_attention(q, k, v, **view)
    if out.requires_grad and validate.readable(out) and "ScaledDot" in out.grad_fn.name():
        out.register_hook(_once)
    return out


def _once(_):
    if torch.is_grad_enabled():  # the caller of backward said create_graph=True
        raise ValueError(
            "attention: PyTorch's fused kernel has no second derivative; compute what you "
            "differentiate twice under torch.nn.attention.sdpa_kernel(SDPBackend.MATH)"
        )
