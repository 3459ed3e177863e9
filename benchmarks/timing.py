"""How long a call takes, and how two calls compare, on a machine that others use too."""

import gc
import os
import platform
from contextlib import contextmanager
from pathlib import Path
from time import process_time

import torch


def seconds(*functions, least=1.5, rounds=5):
    """The least processor time of each; they take turns, so that a bad moment hits all of them.

    At least `rounds` rounds, and `least` seconds for each function together.
    """
    best = [float("inf")] * len(functions)
    for function in functions:
        function()
    with _no_garbage():
        start, done = process_time(), 0
        while done < rounds or process_time() - start < least * len(functions):
            for i, function in enumerate(functions):
                best[i] = min(best[i], _once(function))
            done += 1
    return best


def times_as_fast(ours, theirs, **settings):
    """How many times ours could run while theirs runs once."""
    mine, other = seconds(ours, theirs, **settings)
    return other / mine


def machine():
    """The processor, its cores, and what ran on it."""
    names = Path("/proc/cpuinfo")
    lines = names.read_text().splitlines() if names.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else platform.processor() or platform.machine()
    return (
        f"{model}, one thread of {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, PyTorch {torch.__version__}"
    )


def _once(function):
    start = process_time()
    function()
    return process_time() - start


@contextmanager
def _no_garbage():
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
