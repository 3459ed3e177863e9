"""Exhibits of training."""

import torch
import torch.nn.functional as F
from torch import nn

from ..verdict import exercise, expect, result
from .drawn import close, drawn, made


@exercise
def dropout(answer):
    """A module with dropout of weights while it trains: answer(p)(q, k, v)."""
    q, k, v = drawn((2, 6, 4), (2, 6, 4), (2, 6, 4))
    plain = F.scaled_dot_product_attention(q, k, v)
    module = result(answer, 0.5)
    expect(isinstance(module, nn.Module), "answer(p) should build a module.")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        module.eval()
        first, again = (result(module, q, k, v) for _ in range(2))
        expect(close(first, again), "after eval() the same input gives two answers.")
        expect(close(first, plain), "after eval() it is not plain attention.")
        module.train()
        drops = close(result(module, q, k, v), plain)
        expect(not drops, "after train() nothing is dropped.")
        mean = torch.stack([result(module, q, k, v) for _ in range(2000)]).mean(0)
        gap = (mean - plain).abs().max()
        expect(gap < 0.15, "on average, training should give what plain attention gives.")


@exercise
def shift(answer):
    """The mean loss of the next token: answer(logits, ids), (B, T, V) and (B, T)."""
    for b, t, vocabulary in [(2, 6, 5), (1, 4, 7), (3, 5, 4)]:
        [logits] = drawn((b, t, vocabulary))
        ids = torch.arange(b * t).view(b, t) * 3 % vocabulary
        mine = float(made(answer, logits, ids, shape=()))

        def loss(by, logits=logits, ids=ids):
            kept = logits[:, : logits.shape[1] - by]
            return float(F.cross_entropy(kept.flatten(0, 1), ids[:, by:].flatten()))

        def alike(a, mine=mine):
            return abs(a - mine) < 1e-9

        expect(not alike(loss(2)), "place t is asked for token t + 2: one shift too many.")
        expect(not alike(loss(0)), "place t is asked for token t, which it has just read.")
        around = F.cross_entropy(logits.flatten(0, 1), ids.roll(-1, 1).flatten())
        expect(not alike(float(around)), "the last place has no next token: leave it out.")
        expect(alike(loss(1)), "not the mean of the losses of the next tokens.")


@exercise
def accumulate(answer):
    """One loss of several small batches, as of one large one: answer(losses), a loss a token."""
    for sizes in [(2, 8), (5, 5, 1), (3,)]:
        losses = [part.abs() for part in drawn(*[(n,) for n in sizes])]
        mine = float(made(answer, losses, shape=()))
        right = float(torch.cat(losses).mean())
        means = float(torch.stack([part.mean() for part in losses]).mean())
        few = "each small batch counts alike, so tokens of short ones count more."
        expect(len({*sizes}) == 1 or abs(mine - means) > 1e-9, few)
        expect(abs(mine - right * sum(sizes)) > 1e-9, "a sum over the tokens, not a mean.")
        expect(abs(mine - right) < 1e-9, "not the mean over all tokens of all small batches.")
