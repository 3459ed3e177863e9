"""Milliseconds of one query against a cache whose keys and values 32 heads share.

`python -m benchmarks.gpu.shared_heads` measures 8 texts of 65,536 tokens on the GPU in bfloat16 or,
where there is none, one text on one thread of the processor in float32, and keeps the line of this
machine in shared_heads.json; `--small` tries it on short texts, `--out` names another file.
Chapter 16 shows them.
"""

from pathlib import Path
from statistics import median

import torch
import torch.nn.functional as F

from attention_book import counting
from attention_book.grouped import one_query

from ..timing import seconds as processor_seconds
from .device import DEVICE, ON_GPU, seconds
from .lines import keep

DATA = Path(__file__).with_name("shared_heads.json")
HEADS, KV_HEADS, WIDTH = 32, [32, 8, 4, 1], 128
BATCH, TOKENS = (8, 65536) if ON_GPU else (1, 8192)
WARM, RUNS = (3, 20) if ON_GPU else (1, 7)
DTYPE = torch.bfloat16 if ON_GPU else torch.float32


def shared(q, k, v):
    """On a GPU by PyTorch's own way to share, which is the faster one there."""
    if ON_GPU:
        return F.scaled_dot_product_attention(q, k, v, enable_gqa=True)
    return one_query(q, k, v, None)


def measure(kv_heads, tokens):
    """Milliseconds of one step, and the MiB of what it reads."""
    torch.manual_seed(0)
    size = {"device": DEVICE, "dtype": DTYPE}
    q = torch.randn(BATCH, HEADS, 1, WIDTH, **size)
    k, v = (torch.randn(BATCH, kv_heads, tokens, WIDTH, **size) for _ in "kv")
    clock = seconds if ON_GPU else processor_seconds
    for _ in range(WARM):
        shared(q, k, v)
    time = median(clock(lambda: shared(q, k, v)) for _ in range(RUNS))
    return 1000 * time, counting.count_bytes(k, v) / 2**20


def line(name, small):
    """One line of the data: the machine, the sizes, and both measures for each sharing."""
    tokens = 256 if small else TOKENS
    costs = [measure(kv_heads, tokens) for kv_heads in KV_HEADS]
    found = {"machine": name, "texts": BATCH, "tokens": tokens, "kv heads": KV_HEADS}
    for way, numbers in zip(("ms", "MiB"), zip(*costs, strict=True), strict=True):
        found[way] = [float(f"{x:.4g}") for x in numbers]
    return found


if __name__ == "__main__":
    keep("shared_heads", DATA, line)
