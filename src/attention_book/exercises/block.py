"""Chapter 10: the block."""

from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from .. import checks
from .verdict import by_hand, exercise, expect, result

ALONE = np.array([2.0, 0, 1, 2])  # what the sub-layer says; (4, 2, 1, 4) came in
SLIPS = {
    "now the learned weight and bias.": (1, -1, -1, 1),
    "the bias comes last: times 3, then plus 1.": (6, 0, 0, 6),
    "the bias is still to be added.": (3, -3, -3, 3),
    "divide by the root of the variance.": (2.5, -0.5, -0.5, 2.5),
    "divide by n, not by n - 1.": (3.6, -1.6, -1.6, 3.6),
    "this is the sum: now normalize it.": (6, 2, 2, 6),
    "the residual connection is missing: first add what came in.": 3
    * (ALONE - ALONE.mean())
    / ALONE.std()
    + 1,
}
CORNERS = np.array([[0, 0], [1, 0], [0, 1], [1, 1]])
ONE_OF_TWO = np.array([0, 1, 1, 0])


@exercise
def norm(numbers):
    """(2, 0, 1, 2) plus (4, 2, 1, 4), normalized with weight 3 and bias 1."""
    y = np.array(numbers, dtype=float)
    expect(y.shape == (4,), "four numbers in, four numbers out.")
    for says, wrong in SLIPS.items():
        expect(np.abs(y - wrong).max() > 0.02, says)
    checks.same(y, [4, -2, -2, 4])


@exercise
def two(W_1, b_1, w_2):
    """Two ReLU neurons that say whether one of two features is present, and not both."""
    W_1, b_1, w_2 = (np.array(part, dtype=float) for part in (W_1, b_1, w_2))
    expect(W_1.shape == (2, 2), "W_1: two inputs down, two neurons across.")
    expect(b_1.shape == w_2.shape == (2,), "b_1 and w_2 have one number for each neuron.")
    inner = CORNERS @ W_1 + b_1
    says = np.maximum(0, inner) @ w_2
    expect(np.abs(says - 0.5).max() > 1e-9, "one half to everything: no neuron bends here.")
    if np.allclose(says[:3], ONE_OF_TWO[:3]):
        expect(says[3] != 2, "both gives 2: take it away with the other neuron.")
        expect(says[3] != 1, "both gives 1, as for one: take away twice as much.")
    bent = ", ".join(f"{number:g}" for number in says)
    expect((inner < 0).any(), f"no neuron is below 0, so ReLU bends nothing. It says {bent}.")
    right = np.allclose(says, ONE_OF_TWO)
    expect(right, f"for none, machine, command, both it says {bent}, and not 0, 1, 1, 0.")


def _halves(seed):
    """Two sub-layers and two norms with random parameters, of one width."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        attention = nn.Sequential(nn.Linear(4 + seed, 4 + seed), nn.Tanh())
        feed_forward = nn.Sequential(nn.Linear(4 + seed, 4 + seed), nn.ReLU())
        norms = [nn.LayerNorm(4 + seed) for _ in range(2)]
        for parameter in nn.ModuleList(norms).parameters():
            nn.init.normal_(parameter)
        parts = nn.ModuleList([attention, feed_forward, *norms]).double().requires_grad_(False)
        return torch.randn(3 + seed, 4 + seed, dtype=torch.float64), *parts


def _in_order(x, attention, feed_forward, norm_1, norm_2, first, second="x"):
    """A block by its rule; `second` says to what the feed-forward network's output is added."""
    if first:
        y = x + attention(norm_1(x))
        return (y if second == "x" else x) + feed_forward(norm_2(y))
    y = norm_1(x + attention(x))
    return norm_2(y + feed_forward(y))


@exercise
def pre_norm(answer):
    """One pre-norm block: answer(x, attention, feed_forward, norm_1, norm_2)."""
    for seed in (0, 1):
        x, attention, feed_forward, norm_1, norm_2 = parts = _halves(seed)
        before = x.clone()
        mine = by_hand(answer, *parts)
        expect(torch.equal(x, before), "it changes x itself: make a new vector, x = x + ...")
        wrong = {
            "this is post-norm: the norm stands before the sub-layer.": _in_order(*parts, False),
            "the second residual connection adds the first sum, and not x.": _in_order(
                *parts, True, second="the input"
            ),
            "norm_1 is for attention, norm_2 for the network.": _in_order(
                x, attention, feed_forward, norm_2, norm_1, True
            ),
            "attention comes first.": _in_order(x, feed_forward, attention, norm_1, norm_2, True),
            "the residual connections are missing.": feed_forward(norm_2(attention(norm_1(x)))),
            "normalize what goes into each sub-layer.": (x + attention(x))
            + feed_forward(x + attention(x)),
            "the residual connection adds x itself, without its norm.": _normed(*parts),
            "the second residual connection is missing.": feed_forward(
                norm_2(x + attention(norm_1(x)))
            ),
        }
        shape = tuple(getattr(mine, "shape", ()))
        expect(shape == tuple(x.shape), f"x has the shape {tuple(x.shape)}, yours {shape}.")
        for says, other in wrong.items():
            expect(not torch.allclose(mine, other), says)
        checks.same(mine, _in_order(*parts, True))


def _normed(x, attention, feed_forward, norm_1, norm_2):
    y = norm_1(x) + attention(norm_1(x))
    return norm_2(y) + feed_forward(norm_2(y))


@exercise
def count(answer):
    """The parameters of a block with all biases: answer(C, d_ff)."""
    for C, d_ff in ((10, 7), (768, 3072), (6, 50)):
        right, got = 4 * (C * C + C) + 2 * C * d_ff + d_ff + C + 4 * C, by_hand(answer, C, d_ff)
        less = {
            d_ff - C: "up to d_ff neurons there are as many biases, not C.",
            4 * C: "4 C are missing: the two norms, or attention's biases.",
            2 * C: "two norms, each with a weight and a bias for each feature.",
            3 * C: "queries, keys and values have biases as well.",
            5 * C + d_ff: "the six maps have biases.",
            C + d_ff: "the feed-forward network's two maps have biases.",
            C * C + C: "attention has four maps: W_O as well.",
            C * C: "attention has four maps: W_O as well.",
        }
        known = C == 10  # at 768 and 3,072, three biases are as many as d_ff - C
        expect(not known or right - got not in less, less.get(right - got))
        ratio = 4 * (C * C + C) + 2 * C * (4 * C) + 4 * C + C + 4 * C
        expect(got == right or got != ratio, "d_ff need not be four times C.")
        expect(got == right, f"C = {C} and d_ff = {d_ff} make {right:,}, yours says {got:,}.")


@exercise
def fold(answer):
    """A map that takes the norm's weight and bias into itself: answer(norm, linear)."""
    for C, wide in ((4, 4), (3, 5)):
        layer, linear, x = _pair(C, wide)
        W, c, w, b = linear.weight.clone(), linear.bias.clone(), layer.weight, layer.bias
        made = result(answer, layer, linear)
        expect(made is not linear, "return a new map, and leave the old one.")
        expect(isinstance(made, nn.Linear), "return an nn.Linear: one map, no norm.")
        kept = torch.equal(linear.weight, W) and torch.equal(linear.bias, c)
        expect(kept, "it changes the old map: make a new one.")
        expect(made.weight.shape == W.shape, f"W is {wide} × {C}, as before.")
        expect(made.bias is not None, "the new map needs a bias.")
        close = partial(torch.allclose, rtol=1e-5, atol=1e-7)
        made = made.double()
        expect(not close(made.weight, W), "the norm's weight belongs into W.")
        if wide == C:
            expect(not close(made.weight, w[:, None] * W), "scale columns: they meet inputs.")
        expect(close(made.weight, W * w), "column j of W is scaled by w[j].")
        expect(not close(made.bias, c), "b goes through the map too: W @ b.")
        expect(wide != C or not close(made.bias, c + b), "b is mapped by W first.")
        expect(not close(made.bias, W @ b), "the map's own bias is lost.")
        expect(not close(made.bias, W * w @ b + c), "b meets W as it was, without w.")
        checks.same(made(F.layer_norm(x, (C,))), linear(layer(x)))


def _pair(C, wide):
    """A norm with random parameters, a map behind it, and five vectors."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(10)
        layer, linear = nn.LayerNorm(C).double(), nn.Linear(C, wide).double()
        for parameter in layer.parameters():
            nn.init.normal_(parameter)
        nn.ModuleList([layer, linear]).requires_grad_(False)
        return layer, linear, torch.randn(5, C).double()
