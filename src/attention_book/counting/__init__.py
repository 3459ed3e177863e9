"""Parameters, multiply-adds and bytes: by formula, and measured while a function runs."""

from .formulas import (
    attention_macs,
    attention_parameters,
    bert_parameters,
    block_macs,
    block_parameters,
    cache_bytes,
    cached_generation_macs,
    feed_forward_parameters,
    generation_macs,
    gpt_macs,
    gpt_parameters,
    head_macs,
    linear_parameters,
    weights_bytes,
)
from .measured import count_bytes, count_macs, count_parameters, largest_bytes, peak_bytes

__all__ = [
    "attention_macs",
    "attention_parameters",
    "bert_parameters",
    "block_macs",
    "block_parameters",
    "cache_bytes",
    "cached_generation_macs",
    "count_bytes",
    "count_macs",
    "count_parameters",
    "feed_forward_parameters",
    "generation_macs",
    "gpt_macs",
    "gpt_parameters",
    "head_macs",
    "largest_bytes",
    "linear_parameters",
    "peak_bytes",
    "weights_bytes",
]
