"""Exhibits of axes that changed places."""

from copy import deepcopy

import torch
from torch import nn

from ..verdict import by_hand, exercise, expect
from .drawn import close, drawn, made


@exercise
def merge(answer):
    """Each token's heads side by side: (B, T, H * D) of heads (B, H, T, D)."""
    for b, h, t, d in [(2, 3, 4, 5), (1, 2, 2, 2), (1, 4, 3, 1)]:
        heads = torch.arange(float(b * h * t * d)).view(b, h, t, d)
        mine = made(answer, heads, shape=(b, t, h * d))
        mixed = "a token has numbers of other tokens: turn the axes before you join them."
        expect(not torch.equal(mine, heads.reshape(b, t, h * d)), mixed)
        right = torch.cat([heads[:, i] for i in range(h)], dim=-1)
        expect(torch.equal(mine, right), "head 0 first, then head 1, each in its own order.")


@exercise
def batch(answer):
    """What a default nn.MultiheadAttention makes of texts (B, T, C): answer(layer, x)."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        layer = nn.MultiheadAttention(8, 2).double().eval()
    for b, t in [(3, 5), (2, 4), (4, 4)]:
        [x] = drawn((b, t, 8))
        with torch.no_grad():
            mine = made(answer, deepcopy(layer), x, shape=x.shape)  # an answer may set batch_first
            alone = by_hand(answer, deepcopy(layer), x[:1])
            others = "the other texts of the batch change a text: which axis comes first?"
            expect(close(mine[:1], alone), others)
            y = x.transpose(0, 1)
            expect(close(mine, layer(y, y, y)[0].transpose(0, 1)), "not what the layer computes.")


@exercise
def rotary(answer):
    """Rows of w (H * D, C) moved from halves to neighbors, head by head: answer(w, n_heads)."""
    for heads, width in [(1, 6), (2, 4), (3, 8)]:
        w = torch.arange(float(heads * width)).view(-1, 1) + torch.arange(2.0) / 2
        mine = made(answer, w, heads, shape=w.shape)
        by_head = w.unflatten(0, (heads, width))
        right = torch.stack(by_head.chunk(2, dim=1), dim=2).flatten(0, 2)
        back = by_head.unflatten(1, (-1, 2)).transpose(1, 2).flatten(0, 2)
        whole = torch.stack(w.chunk(2), dim=1).flatten(0, 1)
        expect(not torch.equal(mine, w), "the rows are where they were.")
        expect(torch.equal(back, right) or not torch.equal(mine, back), "the way back: turn it.")
        expect(heads == 1 or not torch.equal(mine, whole), "each head has halves of its own.")
        expect(torch.equal(mine, right), "row i and row i + D / 2 of a head become neighbors.")
