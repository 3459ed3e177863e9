"""What is measured, and what it must reach."""

from functools import partial

from . import (
    attention,
    checks,
    decoding,
    fixed_memory,
    grouped,
    memory,
    models,
    multi_head,
    specification,
)
from .sizes import GPT2, SMALL
from .table import Row

KERNEL = "`attention` against `scaled_dot_product_attention`"
MULTI_HEAD = "`MultiHeadAttention` against `nn.MultiheadAttention`"
GPT = "GPT of 0.8 M parameters against Hugging Face"
DECODING = "cached greedy decoding"
PLAIN = "NumPy specification against a plain NumPy GPT-2"
MEMORY = "peak memory of attention at T = 16,384, of T × T floats"


def both_ways(causal, view):
    return [
        Row(f"{MULTI_HEAD}, {view}", partial(multi_head.forward, causal), 1.0),
        Row(f"{MULTI_HEAD}, {view}, and backward", partial(multi_head.backward, causal), 1.0),
    ]


def whole_models(length, least):
    return [
        Row(f"{GPT}, T = {length:,}", partial(models.forward, length), least),
        Row(f"{GPT}, T = {length:,}, and backward", partial(models.backward, length), least),
    ]


ROWS = [
    Row(f"{KERNEL}, no mask, T = 1,024", partial(attention.no_mask, 1024), 0.95),
    Row(f"{KERNEL}, causal, T = 1,024", partial(attention.causal, 1024), 0.95),
    Row(f"{KERNEL}, causal, T = 4,096", partial(attention.causal, 4096), 0.95),
    Row(f"{KERNEL}, padding mask, T = 1,024", partial(attention.padding, 1024), 0.95),
    Row(f"{KERNEL}, 3 axes against its 4, T = 1,024", partial(attention.three_axes, 1024), 0.95),
    *both_ways(False, "no mask"),
    *both_ways(True, "causal"),
    *whole_models(1024, 1.05),
    *whole_models(2048, None),
    Row(f"training step, {GPT}", models.training_step, 1.05),
    Row(
        f"{DECODING}, 124 M parameters, against Hugging Face",
        partial(decoding.against_hugging_face, GPT2, 16),
        1.0,
    ),
    Row(f"{DECODING}, 124 M parameters, against memory bandwidth", decoding.bandwidth, 0.9),
    Row(
        f"{DECODING}, 0.8 M parameters, against Hugging Face",
        partial(decoding.against_hugging_face, SMALL, 64),
        2.0,
    ),
    Row(
        f"{DECODING}, Llama of 3.3 M parameters, 2 pairs for 8 heads, against Hugging Face",
        partial(grouped.against_hugging_face, 64),
        1.0,
    ),
    Row("checks, of a cached step of 0.8 M parameters", checks.share, None, 3, "%"),
    Row(f"{PLAIN}, whole text", specification.forward),
    Row(f"{PLAIN}, 32 tokens", specification.decoding),
    Row(
        "delta rule in chunks against its loop, T = 1,024",
        partial(fixed_memory.delta_rule, 1024),
        1.5,
    ),
    Row(f"{MEMORY}, no mask", memory.attention, None, 10, "%"),
    Row(f"{MEMORY}, causal", partial(memory.attention, causal=True), None, 10, "%"),
    Row(f"{MEMORY}, causal mask", memory.masked, None, 10, "%"),
    Row(f"{MEMORY}, while weights are recorded", memory.recorded, 100, None, "%"),
]
