"""One step of training beside Hugging Face, with the same loss and optimizer."""

import torch

from attention_book.train import cross_entropy

from . import peers
from .timing import times_as_fast


def step():
    ours, theirs = (model.train() for model in peers.pair(peers.SMALL))
    ids = peers.ids_for(peers.SMALL, 16, 65)
    return times_as_fast(
        _step(ours, lambda: cross_entropy(ours(ids[:, :-1]), ids[:, 1:])),
        _step(theirs, lambda: theirs(ids, labels=ids).loss),
        least=5,
    )


def _step(model, loss):
    optimizer = torch.optim.AdamW(model.parameters(), fused=True)

    def run():
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()

    return run
