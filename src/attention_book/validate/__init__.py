"""Every check of arguments, and the text of every error.

Checks run before PyTorch sees the arguments, because some of its kernels accept sizes that do
not fit and read past the end of the shorter one.
"""

from .modules import (
    append,
    block,
    features,
    multi_head,
    record,
    replacement,
    room,
    rows,
    same_memory,
    taps,
    tokens,
)
from .numbers import (
    causal_sizes,
    even,
    feed_forward_sizes,
    flag,
    heads,
    instance,
    layer_norm_sizes,
    multi_head_sizes,
    one_of,
    positive,
    probability,
    real_number,
    sinusoidal,
    whole_number,
)
from .tensors import attention, attention_weights, ids, integers, lengths, mask_fits

__all__ = [
    "append",
    "attention",
    "attention_weights",
    "block",
    "causal_sizes",
    "even",
    "features",
    "feed_forward_sizes",
    "flag",
    "heads",
    "ids",
    "instance",
    "integers",
    "layer_norm_sizes",
    "lengths",
    "mask_fits",
    "multi_head",
    "multi_head_sizes",
    "one_of",
    "positive",
    "probability",
    "real_number",
    "record",
    "replacement",
    "room",
    "rows",
    "same_memory",
    "sinusoidal",
    "taps",
    "tokens",
    "whole_number",
]
