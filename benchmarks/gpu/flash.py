"""Causal `attention` beside PyTorch's flash kernel."""

import torch
import torch.nn.functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.attention.bias import causal_lower_right

import attention_book as book

from ..timing import compare
from .device import DEVICE, seconds

HEADS, WIDTH, CALLS = 16, 64, 10
TOLERANCE = 3e-2  # two roundings to bfloat16


@torch.inference_mode()
def causal(scale, batch, length):
    q, k, v = _tensors(batch, length, length)
    return _compare(scale, q, k, v, is_causal=True)


@torch.inference_mode()
def behind_a_cache(scale, batch, length):
    """A quarter of the text comes after the rest."""
    q, k, v = _tensors(batch, length // 4, length)
    return _compare(scale, q, k, v, attn_mask=causal_lower_right(length // 4, length))


def _compare(scale, q, k, v, **view):
    def ours():
        return _often(lambda: book.attention(q, k, v, causal=True))

    def flash():
        with sdpa_kernel(SDPBackend.FLASH_ATTENTION):
            return _often(lambda: F.scaled_dot_product_attention(q, k, v, **view))

    settings = {"least": 0, "count": scale.pairs, "clock": lambda calls: seconds(calls) / CALLS}
    return compare(ours, flash, tolerance=TOLERANCE, **settings)


def _often(function):
    """Several calls, so that what the processor does for one passes while the GPU computes."""
    for _ in range(CALLS - 1):
        function()
    return function()


def _tensors(batch, n_queries, n_keys):
    torch.manual_seed(0)
    return (
        torch.randn(batch, HEADS, n, WIDTH, device=DEVICE, dtype=torch.bfloat16)
        for n in (n_queries, n_keys, n_keys)
    )
