"""Every kind of mask in every precision beside the formula in float64."""

import math
from functools import partial
from typing import NamedTuple

import torch

import attention_book as book

from ..table import Measured
from .device import DEVICE

BATCH, HEADS, LENGTH, WIDTH = 2, 4, 130, 64
AFTER_CACHE, WINDOW, MISSING = 50, 16, (0, 30)
LIMITS = {torch.float64: 1e-13, torch.float32: 1e-5, torch.bfloat16: 3e-2, torch.float16: 4e-3}


class Kind(NamedTuple):
    """What `attention` is told, and, computed apart from it, which pairs it has to see."""

    visible: torch.Tensor
    mask: torch.Tensor | None = None
    causal: bool = False


def kinds(device):
    """By name; of LENGTH tokens of padded texts, MISSING are not there."""
    keys, missing = torch.arange(LENGTH, device=device), torch.tensor(MISSING, device=device)
    back = keys[:, None] - keys
    past, everything = back >= 0, torch.ones_like(back, dtype=torch.bool)
    right = book.padding_mask(LENGTH - missing, LENGTH)
    on_right = everything & (keys < LENGTH - missing[:, None])[:, None, None]
    on_left = everything & (keys >= missing[:, None])[:, None, None]
    window = book.window_mask(LENGTH, WINDOW, device=device)
    holes = torch.rand(BATCH, HEADS, LENGTH, LENGTH, device=device) < 0.3
    holes[:, :, ::7] = False
    return {
        "no mask": Kind(everything),
        "causal": Kind(past, causal=True),
        "causal behind a cache": Kind(past[-AFTER_CACHE:], causal=True),
        "one query behind a cache": Kind(past[-1:], causal=True),
        "padding": Kind(on_right, right),
        "window": Kind(past & (back <= WINDOW), window),
        "causal, padding on the left": Kind(past & on_left, right.flip(-1), causal=True),
        "mask with empty rows": Kind(holes, holes),
    }


NAMES = list(kinds("cpu"))


def error(name, dtype):
    """The largest error of the output; that of the gradients is noted.

    AssertionError if a query that may see nothing gets anything, or a gradient is not finite.
    """
    torch.manual_seed(0)
    visible, mask, causal = kinds(DEVICE)[name]
    attend = partial(book.attention, mask=mask, causal=causal)
    inputs = _tensors(visible.shape[-2], dtype)
    out, gradients = _with_gradients(attend, inputs)
    right = _with_gradients(partial(formula, visible=visible), [x.double() for x in inputs])
    _empty_rows(~visible.any(-1, keepdim=True), out, gradients)
    slopes = max(map(_largest, gradients, right[1]))
    return Measured([_largest(out, right[0])], f"gradients {slopes:.1e}")


def formula(q, k, v, visible):
    """The definition; a query that sees nothing has no weights."""
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    weights = (scores - scores.amax(-1, keepdim=True)).exp() * visible
    return weights / weights.sum(-1, keepdim=True).clamp(min=1e-300) @ v


def _tensors(n_queries, dtype):
    """q, k, v, and what comes back to the output."""
    lengths = (n_queries, LENGTH, LENGTH, n_queries)
    return [torch.randn(BATCH, HEADS, n, WIDTH, device=DEVICE).to(dtype) for n in lengths]


def _with_gradients(function, tensors):
    *inputs, back = tensors
    inputs = [x.clone().requires_grad_() for x in inputs]
    out = function(*inputs)
    return out.detach(), torch.autograd.grad(out, inputs, back)


def _empty_rows(empty, out, gradients):
    largest = out.masked_fill(~empty, 0.0).abs().max().item()
    assert largest == 0, f"a query that may see nothing must get zeros, not {largest:.2g}"
    assert all(x.isfinite().all() for x in gradients), "every gradient must be finite"


def _largest(x, right):
    return (x.double() - right).abs().max().item()
