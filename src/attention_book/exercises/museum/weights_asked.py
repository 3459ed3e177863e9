"""What each check can be asked about code that weighs: {check: its inputs}."""

import math

import torch
import torch.nn.functional as F

from ...attention import attention
from .drawn import drawn
from .named import CAUSAL, HULL, ORDER, SAME, SUM, N


def tokens(width=4):
    return drawn((N, width), seed=3)[0]


def past():
    return torch.ones(N, N).tril().bool()


def attends(attend):
    def f(x):
        return attend(x[None], x[None], x[None])[0]

    x, own = tokens(), torch.eye(N).double()[None]
    weights = attend(x[None], x[None], own)[0]
    return {SUM: (weights,), HULL: (f(x), x), ORDER: (f, x), SAME: (f(x), attention(x, x, x))}


def hides(attend):
    def f(x):
        return attend(x[None], x[None], x[None])[0].nan_to_num()

    x, own = tokens(), torch.eye(N).double()[None]
    weights = attend(x[None], x[None], own)[0].nan_to_num()
    right = attention(x, x, x, past())
    return {SUM: (weights,), HULL: (f(x), x), CAUSAL: (f, x), SAME: (f(x), right)}


def in_heads(attend):
    def f(x, attend=attend):
        q = x.unflatten(-1, (2, -1)).transpose(0, 1)[None]
        return attend(q, q, q)[0].transpose(0, 1).flatten(1)

    x, own = tokens(8), torch.eye(N).double().expand(1, 2, N, N)
    q = x.unflatten(-1, (2, -1)).transpose(0, 1)[None]
    return {SUM: (attend(q, q, own)[0],), ORDER: (f, x), SAME: (f(x), f(x, attention))}


def normalizes(function):
    x, eps = tokens(), 1e-6
    return {
        ORDER: (lambda x: function(x, eps), x),
        SAME: (function(x, eps), F.layer_norm(x, (4,), eps=eps)),
    }


def weighs(weights):
    def f(x):
        return weights(x @ x.T / 2, past()) @ x

    x = tokens()
    right = attention(x, x, x, past())
    own = weights(x @ x.T / 2, past())
    return {SUM: (own,), HULL: (f(x), x), CAUSAL: (f, x), SAME: (f(x), right)}


def pads(weights):
    x, real = tokens(), torch.arange(N) < 4
    own = weights((x @ x.T / 2)[None, None], real[None])[0, 0]
    alone = attention(x[:4], x[:4], x[:4])
    return {SUM: (own,), HULL: (own @ x, x), SAME: ((own @ x)[:4], alone)}


def in_half(weights):
    x, sees = tokens(), past()
    sees[3] = False
    scores = (x @ x.T / 2).half()
    own, some = weights(scores, sees).float(), sees.any(1)
    right = scores.float().masked_fill(~sees, -math.inf).softmax(-1)
    near = own[some], right[some], 2e-3  # rows that see something
    return {SUM: (own, 2e-3), HULL: (own @ x.float(), x.float(), 1e-2), SAME: near}


def windows(made):
    def f(x):
        return attention(x, x, x, made(N, 3))

    x, seen = tokens(), torch.arange(1, N + 1).clamp(max=3)
    return {HULL: (f(x), x), CAUSAL: (f, x), SAME: (made(N, 3).sum(-1), seen)}


def joins(join):
    def layer(x, causal=False, join=join):
        heads = x.unflatten(1, (2, -1)).transpose(0, 1)[None]
        return join(attention(heads, heads, heads, causal=causal))[0]

    x = tokens(8)
    right = layer(x, join=lambda heads: heads.transpose(1, 2).flatten(2))
    return {CAUSAL: (lambda x: layer(x, True), x), ORDER: (layer, x), SAME: (layer(x), right)}
