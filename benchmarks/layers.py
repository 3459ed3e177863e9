"""Attention and several heads of it beside PyTorch's own."""

import torch
import torch.nn.functional as F
from torch import nn

import attention_book as book

from .timing import times_as_fast

BATCH, TOKENS, WIDTH, HEADS = 4, 256, 256, 4
MASKS = {
    None: None,
    "causal": book.causal_mask(TOKENS),
    "padding": book.padding_mask(torch.arange(BATCH) * 40 + 100, TOKENS),
}


@torch.inference_mode()
def attention(mask):
    torch.manual_seed(0)
    q, k, v = (torch.randn(BATCH, HEADS, TOKENS, WIDTH // HEADS) for _ in range(3))
    mask = MASKS[mask]
    return times_as_fast(
        lambda: book.attention(q, k, v, mask),
        lambda: F.scaled_dot_product_attention(q, k, v, attn_mask=mask),
    )


@torch.inference_mode()
def multi_head(mask):
    ours, theirs, x = _pair()
    mask = MASKS[mask]
    blocked = None if mask is None else ~mask
    return times_as_fast(
        lambda: ours(x, mask=mask),
        lambda: theirs(x, x, x, need_weights=False, attn_mask=blocked),
    )


def multi_head_trained():
    ours, theirs, x = (part.train() if isinstance(part, nn.Module) else part for part in _pair())
    return times_as_fast(
        lambda: ours(x).sum().backward(),
        lambda: theirs(x, x, x, need_weights=False)[0].sum().backward(),
    )


def _pair():
    torch.manual_seed(0)
    ours = book.MultiHeadAttention(WIDTH, HEADS).eval()
    theirs = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True).eval()
    return ours, theirs, torch.randn(BATCH, TOKENS, WIDTH)
