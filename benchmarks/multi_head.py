"""`MultiHeadAttention` beside `nn.MultiheadAttention` with the same weights."""

import torch
from torch import nn

import attention_book as book

from .timing import compare, fastest

BATCH, LENGTH, WIDTH, HEADS = 4, 256, 256, 4
BLOCKED = torch.full((LENGTH, LENGTH), -torch.inf).triu(1)


@torch.inference_mode()
def forward(causal):
    ours, theirs, x = _pair()
    return compare(lambda: ours(x, causal=causal), _best_call(theirs.eval(), x, causal))


def backward(causal):
    ours, theirs, x = _pair()
    call = _best_call(theirs, x, causal)
    return compare(_trained(lambda: ours(x, causal=causal), x), _trained(call, x))


def _best_call(theirs, x, causal):
    """With the module's fast path, which computes all weights, or around it."""
    hidden = {"attn_mask": BLOCKED, "is_causal": True} if causal else {}

    def call():
        torch.backends.mha.set_fastpath_enabled(True)
        return theirs(x, x, x, need_weights=False, **hidden)[0]

    def call_around():
        torch.backends.mha.set_fastpath_enabled(False)
        return theirs(x, x, x, need_weights=False, **hidden)[0]

    return fastest(call, call_around)


def _trained(forward, x):
    def run():
        x.grad = None
        forward().square().sum().backward()
        return x.grad

    x.requires_grad_()
    return run


def _pair():
    torch.manual_seed(0)
    ours = book.MultiHeadAttention(WIDTH, HEADS)
    theirs = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
    parts = (ours.q_proj, ours.k_proj, ours.v_proj)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([part.weight for part in parts]))
        theirs.in_proj_bias.copy_(torch.cat([part.bias for part in parts]))
    theirs.out_proj.load_state_dict(ours.o_proj.state_dict())
    return ours, theirs, torch.randn(BATCH, LENGTH, WIDTH)
