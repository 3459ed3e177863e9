"""The specification: from softmax to a whole GPT-2 in NumPy, in float64, as functions only.

These lines are the formulas and nothing else. The rest of the library is fast; this package is
what it has to agree with. Arguments bear the names of a published GPT-2 checkpoint, so that each
part of it unpacks into the call it belongs to: `block(x, **parameters)`.
"""

from .attention import (
    attention,
    attention_weights,
    causal_mask,
    multi_head_attention,
    self_attention,
    softmax,
)
from .gpt import block, decode, gpt, gpt_parameters, gpt_step, post_norm_block
from .layers import feed_forward, gelu, gelu_tanh, layer_norm, linear, relu

__all__ = [
    "attention",
    "attention_weights",
    "block",
    "causal_mask",
    "decode",
    "feed_forward",
    "gelu",
    "gelu_tanh",
    "gpt",
    "gpt_parameters",
    "gpt_step",
    "layer_norm",
    "linear",
    "multi_head_attention",
    "post_norm_block",
    "relu",
    "self_attention",
    "softmax",
]
