"""A training step in bfloat16 beside Hugging Face's, as it is and compiled."""

from copy import deepcopy
from functools import cache

import torch

from .. import models, peers
from ..sizes import ids_for
from ..table import Measured
from ..timing import compare
from .device import DEVICE, peak_bytes, seconds

TOLERANCE = 2e-2


def step(scale, compiled):
    steps = _steps(scale, compiled)
    return compare(*steps, tolerance=TOLERANCE, clock=seconds, least=0, count=scale.steps)


def memory(scale, compiled):
    """What a step needs beyond weights and optimizer, as a share of what theirs needs."""
    own, other = map(peak_bytes, _steps(scale, compiled))
    return Measured([own / other], f"{own / 2**30:.2f} and {other / 2**30:.2f} GiB")


@cache
def _steps(scale, compiled):
    batch, length = scale.training
    pair = deepcopy(_pair(scale))
    losses = peers.losses(*pair, ids_for(scale.model, batch, length + 1).to(DEVICE))
    losses = map(_in_bfloat16, losses)
    if compiled:
        losses = (torch.compile(loss, backend=scale.compiler) for loss in losses)
    return [models.step(*model_and_loss) for model_and_loss in zip(pair, losses, strict=True)]


@cache
def _pair(scale):
    return [model.to(DEVICE) for model in peers.trained_pair(scale.model)]


def _in_bfloat16(loss):
    def run():
        with torch.autocast(DEVICE.type, torch.bfloat16):
            return loss()

    return run
