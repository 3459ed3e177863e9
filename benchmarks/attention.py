"""`attention` beside the kernel of PyTorch that it rests on, which gets its own best call."""

import torch
import torch.nn.functional as F

import attention_book as book

from .timing import compare

HEADS, WIDTH = 12, 64
kernel = F.scaled_dot_product_attention


@torch.inference_mode()
def no_mask(length):
    q, k, v = _tensors(1, length)
    return compare(lambda: book.attention(q, k, v), lambda: kernel(q, k, v))


@torch.inference_mode()
def causal(length):
    q, k, v = _tensors(1, length)
    return compare(
        lambda: book.attention(q, k, v, causal=True), lambda: kernel(q, k, v, is_causal=True)
    )


@torch.inference_mode()
def padding(length):
    q, k, v = _tensors(4, length)
    mask = book.padding_mask(length - torch.arange(4) * length // 8, length)
    return compare(lambda: book.attention(q, k, v, mask), lambda: kernel(q, k, v, attn_mask=mask))


@torch.inference_mode()
def three_axes(length):
    """One axis less, the same numbers: PyTorch itself leaves the kernel there."""
    q, k, v = _tensors(1, length)
    return compare(lambda: book.attention(q[0], k[0], v[0])[None], lambda: kernel(q, k, v))


def _tensors(batch, length):
    torch.manual_seed(0)
    return (torch.randn(batch, HEADS, length, WIDTH) for _ in range(3))
