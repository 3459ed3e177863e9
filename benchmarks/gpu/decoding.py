"""Greedy decoding with a cache in bfloat16, beside Hugging Face, and whether a step waits."""

from statistics import median

import torch
from torch.profiler import ProfilerActivity, profile

from attention_book import GPT, generate

from .. import decoding, peers
from ..sizes import config, ids_for
from ..table import Measured
from ..timing import fastest, in_pairs
from .device import DEVICE, seconds, waiting_refused

PROMPT, TOLERANCE = 16, 0.1


@torch.inference_mode()
def against_hugging_face(scale, batch):
    ours, theirs = (model.to(DEVICE, torch.bfloat16) for model in peers.pair(scale.model))
    ids = ids_for(scale.model, batch, PROMPT).to(DEVICE)
    logits = ours(ids), theirs(ids, use_cache=False).logits
    torch.testing.assert_close(*logits, atol=TOLERANCE, rtol=TOLERANCE)
    own = decoding.continued(ours, ids, scale.new)
    other = fastest(*decoding.continued_by_theirs(theirs, ids, scale.new), clock=seconds)
    own()
    pairs = in_pairs(own, other, clock=seconds, least=0, count=scale.pairs)
    speeds = [f"{batch * scale.new / median(times):,.0f}" for times in zip(*pairs, strict=True)]
    return Measured([b / a for a, b in pairs], " and ".join(speeds) + " tokens/s")


def waits(scale):
    """How often one step of ours makes the processor wait for the GPU.

    The counter is tried on a wait that is the caller's own: reading the id.
    """
    model = GPT(config(scale.model)).eval().to(DEVICE, torch.bfloat16)
    steps = generate(model, ids_for(scale.model, 1, PROMPT).to(DEVICE), 8)
    next(steps), next(steps)
    with waiting_refused():
        next(steps)
    own, callers = _waits(lambda: next(steps)), _waits(lambda: next(steps).tolist())
    assert callers > own, f"the profiler sees no wait where the caller reads the id: {callers}"
    return Measured([own], f"{callers} where the caller reads the id")


def _waits(function):
    with profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA]) as profiled:
        function()
    names = [event.name for event in profiled.events()]
    return sum(name == "cudaStreamSynchronize" or "Memcpy DtoH" in name for name in names)
