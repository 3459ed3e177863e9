"""Milliseconds and MiB of causal attention over whole texts: the formula, a mask, the kernel alone.

`python -m benchmarks.gpu.curves` measures 16 heads of width 64 on the GPU in bfloat16 or, where
there is none, on one thread of the processor in float32, and keeps the line of this machine in
curves.json; `--small` tries it on short texts, `--out` names another file. Chapter 17 shows them.
"""

import math
from pathlib import Path
from statistics import median

import torch
import torch.nn.functional as F

from attention_book import causal_mask, counting

from ..timing import seconds as processor_seconds
from .device import DEVICE, ON_GPU, peak_bytes, seconds
from .lines import keep

DATA = Path(__file__).with_name("curves.json")
HEADS, WIDTH, LONGEST_MAP = 16, 64, 16384 if ON_GPU else 2048
LENGTHS = [2**n for n in range(8, 17 if ON_GPU else 13)]
WARM, RUNS = (3, 10) if ON_GPU else (1, 5)
DTYPE = torch.bfloat16 if ON_GPU else torch.float32


def formula(q, k, v, mask):
    """All weights, written and read again."""
    scores = (q @ k.mT / math.sqrt(q.shape[-1])).masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v


def masked(q, k, v, mask):
    """The kernel, given what is causal as a matrix."""
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)


def fused(q, k, v):
    """The kernel, told that it is causal."""
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)


def measure(length, dtype=DTYPE):
    """Milliseconds and MiB by name; no map where it would not fit."""
    torch.manual_seed(0)
    q, k, v = (torch.randn(1, HEADS, length, WIDTH, device=DEVICE, dtype=dtype) for _ in "qkv")
    ways = {"fused": lambda: fused(q, k, v)}
    if length <= LONGEST_MAP:
        mask = causal_mask(length, device=DEVICE)
        ways |= {"mask": lambda: masked(q, k, v, mask), "formula": lambda: formula(q, k, v, mask)}
    outputs = [attend() for attend in ways.values()]
    for output in outputs:
        torch.testing.assert_close(output, outputs[0], atol=3e-2, rtol=3e-2)
    return {name: _cost(attend) for name, attend in ways.items()}


def _cost(attend):
    """The median of several runs, and what PyTorch takes beside the inputs."""
    clock = seconds if ON_GPU else processor_seconds
    for _ in range(WARM):
        attend()
    size = peak_bytes(attend) if ON_GPU else counting.peak_bytes(attend)
    return 1000 * median(clock(attend) for _ in range(RUNS)), size / 2**20


def line(name, small):
    """One line of the data: the machine, the lengths, and both measures of each way."""
    lengths = LENGTHS[:2] if small else LENGTHS
    costs = [measure(length) for length in lengths]
    found = {"machine": name, "tokens": lengths}
    for way in ("formula", "mask", "fused"):
        times, sizes = zip(*(cost[way] for cost in costs if way in cost), strict=True)
        found |= {f"{way} ms": [*map(_short, times)], f"{way} MiB": [*map(_short, sizes)]}
    return found


def _short(x):
    return float(f"{x:.4g}")


if __name__ == "__main__":
    keep("curves", DATA, line)
