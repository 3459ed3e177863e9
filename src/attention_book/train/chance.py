"""Chance in training: each step's own, and none of the caller's."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch


@contextmanager
def own_chance(model: torch.nn.Module, seed: int) -> Iterator[Callable[[int], None]]:
    """Borrow the global random states of Python, NumPy and PyTorch, and give them back.

    Yields a function that sets all of them by the seed and a step. What is drawn in a step then
    follows from these two alone: nothing of chance has to be kept to go on from the middle.
    """
    devices = {x.device.index for x in model.parameters() if x.is_cuda}
    generators = [torch.default_generator, *(torch.cuda.default_generators[i] for i in devices)]

    def begin(step):
        for_torch, for_numpy, for_python = np.random.SeedSequence((seed, step)).generate_state(3)
        for generator in generators:
            generator.manual_seed(int(for_torch))
        np.random.seed(for_numpy)  # noqa: NPY002
        random.seed(int(for_python))

    python, numpy = random.getstate(), np.random.get_state(legacy=False)  # noqa: NPY002
    try:
        with torch.random.fork_rng(devices):
            yield begin
    finally:
        np.random.set_state(numpy)  # noqa: NPY002
        random.setstate(python)
