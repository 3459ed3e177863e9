"""Small models, data and runs for the tests of training."""

import random

import numpy as np
import torch
from torch import nn

from attention_book import Config
from attention_book.models import GPT
from attention_book.tasks import copying
from attention_book.train import cross_entropy
from attention_book.train.states import tensors_of

TASK = copying.previous_token(length=5, n_symbols=4)


def gpt(dropout=0.1, n_layers=1):
    sizes = {"vocab_size": 4, "max_len": 5, "d_model": 16, "n_heads": 2, "n_layers": n_layers}
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return GPT(Config(**sizes, dropout=dropout, init_std=0.02))


def line():
    """A model of two numbers, started at nothing."""
    model = nn.Linear(1, 1)
    nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
    return model


def points(n):
    x = np.random.default_rng(0).normal(size=(n, 8, 1)).astype(np.float32)
    return [(torch.from_numpy(a), torch.from_numpy(3 * a + 1)) for a in x]


def same_model(a, b):
    a, b = tensors_of(a), tensors_of(b)
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def chance():
    """All global random states, as values that compare."""
    numpy = np.random.get_state()  # noqa: NPY002
    return torch.get_rng_state().tolist(), numpy[1].tolist(), numpy[2:], random.getstate()


class Interrupted(Exception):
    pass


def interrupting(step, loss=cross_entropy):
    """The loss, which fails at its call of this number."""
    steps = iter(range(1, 1000))

    def raises(outputs, targets):
        if next(steps) == step:
            raise Interrupted
        return loss(outputs, targets)

    return raises
