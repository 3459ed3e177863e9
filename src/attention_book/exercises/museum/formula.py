"""Exhibits of the formula itself."""

import math

import torch

from ... import checks
from ..verdict import exercise, expect
from .drawn import close, drawn, made


@exercise
def softmax(answer):
    """Attention of (B, T, D) without a mask: answer(q, k, v)."""
    for b, t, d in [(2, 5, 4), (1, 7, 3), (3, 4, 4)]:
        q, k, v = drawn(*[(b, t, d)] * 3)
        right = (q @ k.mT / math.sqrt(d)).softmax(-1)
        own = torch.eye(t, dtype=torch.float64).expand(b, t, t)  # values that show the weights
        checks.rows_sum_to_one(made(answer, q, k, own, shape=(b, t, t)))
        mine = made(answer, q, k, v, shape=(b, t, d))
        expect(close(mine, right @ v), "shares, but not those of the scores over the root of D.")


@exercise
def scale(answer):
    """Attention of (B, H, T, D) without a mask: answer(q, k, v)."""
    for shape in [(2, 3, 5, 4), (1, 2, 4, 8)]:
        q, k, v = drawn(*[shape] * 3)
        _, heads, _, width = shape

        def mixed(by, q=q, k=k, v=v):
            return (q @ k.mT / math.sqrt(by)).softmax(-1) @ v

        mine = made(answer, q, k, v, shape=shape)
        whole = "the root of the model's width: how many products does one score add up?"
        expect(not close(mine, mixed(heads * width)), whole)
        expect(not close(mine, mixed(1)), "the scores are not divided at all.")
        expect(not close(mine, mixed(heads)), "the number of heads is not the width of a head.")
        expect(close(mine, mixed(width)), "the output is not that of softmax(q kᵀ / √D) v.")


@exercise
def norm(answer):
    """Layer normalization without gain and bias: answer(x, eps) of x (..., C)."""
    for width, size in [(4, 1.0), (7, 1.0), (5, 1e-3), (2, 30.0)]:
        [x] = drawn((3, width))
        x, eps = size * x, 1e-5
        off = x - x.mean(-1, keepdim=True)
        mine = made(answer, x, eps, shape=x.shape)
        by_less_one = off / (x.std(-1, keepdim=True) + eps)
        expect(not close(mine, by_less_one), "std divides by C − 1, and eps stands outside.")
        variance = off.pow(2).mean(-1, keepdim=True)
        other = off / (x.var(-1, keepdim=True) + eps).sqrt()
        expect(not close(mine, other), "the variance divides by C − 1; layer norm divides by C.")
        outside = off / (variance.sqrt() + eps)
        expect(not close(mine, outside), "eps belongs inside the root, beside the variance.")
        expect(close(mine, off / (variance + eps).sqrt()), "not what torch's layer_norm gives.")
    flat = made(answer, torch.ones(1, 4), 1e-5, shape=(1, 4))
    expect(torch.equal(flat, torch.zeros(1, 4)), "four equal numbers should become zeros.")
