"""A whole GPT beside Hugging Face's: reading a text, learning from it, one step of training."""

import torch

from . import peers
from .sizes import SMALL, ids_for
from .timing import compare


@torch.inference_mode()
def forward(length):
    ours, theirs = peers.pair(SMALL)
    ids = ids_for(SMALL, 1, length)
    return compare(lambda: ours(ids), lambda: theirs(ids, use_cache=False).logits)


def backward(length):
    ours, theirs = peers.trained_pair(SMALL)
    losses = peers.losses(ours, theirs, ids_for(SMALL, 1, length + 1))
    tables = ours.embeddings.tokens.weight, theirs.transformer.wte.weight
    return compare(*map(_gradient, (ours, theirs), losses, tables))


def training_step():
    models = peers.trained_pair(SMALL)
    losses = peers.losses(*models, ids_for(SMALL, 16, 65))
    return compare(*map(step, models, losses))


def step(model, loss):
    """One step of AdamW; returns the loss before it."""
    optimizer = torch.optim.AdamW(model.parameters(), fused=True)

    def run():
        value = loss()
        value.backward()
        optimizer.step()
        optimizer.zero_grad()
        return value.detach()

    return run


def _gradient(model, loss, table):
    def run():
        model.zero_grad()
        loss().backward()
        return table.grad

    return run
