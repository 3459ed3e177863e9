"""How much memory attention over a long text takes, as a share of one float for each pair."""

import re
from pathlib import Path

import torch

from attention_book import MultiHeadAttention, causal_mask, record

from .table import Measured

TOKENS, WIDTH = 16384, 64


def attention(**view):
    layer, x = _layer()
    return _share(lambda: layer(x, **view))


def masked():
    return attention(mask=causal_mask(TOKENS))


def recorded():
    layer, x = _layer()

    def run():
        with record(layer):
            layer(x)

    return _share(run)


@torch.inference_mode()
def peak_bytes(function):
    """How far the process grew, at most, while the function ran; Linux keeps count."""
    status = Path("/proc/self/status")
    Path("/proc/self/clear_refs").write_text("5", "utf-8")  # the peak starts again from here
    before = _peak(status.read_text("utf-8"))
    function()
    return _peak(status.read_text("utf-8")) - before


def _peak(status):
    return 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", status)[1])


def _layer():
    return MultiHeadAttention(WIDTH, 1).eval(), torch.randn(1, TOKENS, WIDTH)


def _share(function):
    peak = peak_bytes(function)
    return Measured([100 * peak / (4 * TOKENS**2)], f"{peak / 2**20:,.0f} MiB")
