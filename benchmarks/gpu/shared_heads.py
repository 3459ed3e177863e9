"""Milliseconds of one query against a cache whose keys and values 32 heads share.

`python -m benchmarks.gpu.shared_heads` measures 8 texts of 65,536 tokens on the GPU in bfloat16 or,
where there is none, one text on one thread of the processor in float32, and keeps the line of this
machine in shared_heads.json; `--small` tries it on short texts, `--out` names another file.
Chapter 16 shows them.
"""

import argparse
import json
from pathlib import Path
from statistics import median

import torch
import torch.nn.functional as F

from attention_book import counting
from attention_book.grouped import one_query

from ..machine import machine
from ..timing import seconds as processor_seconds
from .device import DEVICE, ON_GPU, seconds

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


def line(name, tokens):
    costs = [measure(kv_heads, tokens) for kv_heads in KV_HEADS]
    found = {"machine": name, "texts": BATCH, "tokens": tokens, "kv heads": KV_HEADS}
    for way, numbers in zip(("ms", "MiB"), zip(*costs, strict=True), strict=True):
        found[way] = [float(f"{x:.4g}") for x in numbers]
    return found


@torch.inference_mode()
def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu.shared_heads")
    parser.add_argument("--small", action="store_true", help="short texts, to try the program")
    parser.add_argument("--out", type=Path, default=DATA, help="a file for the lines")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    gpu = f"{torch.cuda.get_device_name()}, bfloat16, " if ON_GPU else ""
    name = f"{gpu}PyTorch {torch.__version__}" if ON_GPU else machine()
    lines = json.loads(options.out.read_text("utf-8")) if options.out.exists() else []
    lines = [old for old in lines if old["machine"] != name]
    lines.append(line(name, 256 if options.small else TOKENS))
    text = ",\n".join(json.dumps(each, ensure_ascii=False) for each in lines)
    options.out.write_text(f"[\n{text}\n]\n", "utf-8")


if __name__ == "__main__":
    main()
