"""The card, its clock and its memory; for a trial, the processor in its place."""

import subprocess
from contextlib import contextmanager

import torch

from .. import timing
from ..machine import machine
from ..table import Skipped

ON_GPU = torch.cuda.is_available()
DEVICE = torch.device("cuda" if ON_GPU else "cpu")


def card():
    """The card, its driver, and the versions of PyTorch and CUDA."""
    if not ON_GPU:
        return f"No GPU; {machine()}"
    return (
        f"{torch.cuda.get_device_name()}, driver {_driver()}, PyTorch {torch.__version__}, "
        f"CUDA {torch.version.cuda}"
    )


def seconds(function):
    """What the GPU needs for one call, by its own clock."""
    if not ON_GPU:
        return timing.wall_seconds(function)
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    torch.cuda.synchronize()
    start.record()
    function()
    end.record()
    end.synchronize()
    return start.elapsed_time(end) / 1000


def peak_bytes(function):
    """How far the memory in use grew, at most, while the function ran."""
    if not ON_GPU:
        raise Skipped("only PyTorch's allocator of GPU memory keeps count")
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    function()
    torch.cuda.synchronize()
    return torch.cuda.max_memory_allocated() - before


@contextmanager
def waiting_refused():
    """PyTorch raises an error where it would let the processor wait for the GPU."""
    if not ON_GPU:
        raise Skipped("without a GPU nothing waits for it")
    torch.cuda.set_sync_debug_mode("error")
    try:
        yield
    finally:
        torch.cuda.set_sync_debug_mode("default")


def _driver():
    program = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        return subprocess.run(program, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "of unknown version"
