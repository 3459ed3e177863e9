"""What each check can be asked about layouts, caches and training: {check: its inputs}."""

import torch
from torch import nn

from .caching import Little
from .drawn import drawn
from .named import CACHE, CAUSAL, HULL, ORDER, SAME, SUM, N
from .weights_asked import tokens


def batches(use):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        layer = nn.MultiheadAttention(8, 2, dtype=torch.double).requires_grad_(False)
    [x] = drawn((3, N, 8), seed=4)

    def f(x):
        return use(layer, x)

    return {ORDER: (f, x), SAME: (f(x)[:1], f(x[:1]))}


def pairs(moved):
    w = torch.arange(6.0)[:, None]
    return {SAME: (moved(w, 1).flatten(), torch.tensor([0, 3, 1, 4, 2, 5]))}


def reads(**parts):
    model, ids = Little(**parts), torch.tensor([[1, 5, 2, 7]])
    whole = model(ids), Little()(ids)  # without a cache
    return {CAUSAL: (model, ids), CACHE: (model, ids), SAME: whole}


def places(function):
    words = torch.tensor([[0, 0, 1, 1, 1], [1, 1, 1, 1, 1]]).bool()
    return {SAME: (function(words)[0, 2:], torch.arange(3))}


def drops(module):
    drop, x = module(0.5).double().eval(), tokens()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(15)
        weights, out = drop(x, x, torch.eye(N).double()), drop(x, x, x)
        return {SUM: (weights,), HULL: (out, x), SAME: (out, drop(x, x, x))}


def shifts(loss):
    [logits], ids = drawn((1, N, 8), seed=5), torch.arange(N)[None]
    right = -logits.log_softmax(-1)[0, range(N - 1), range(1, N)].mean()
    return {SAME: (loss(logits, ids), right)}


def averages(loss):
    losses = [torch.tensor([4.0, 4.0]), torch.ones(8)]
    return {SAME: (loss(losses), torch.cat(losses).mean(), 1e-6)}
