"""Every check of arguments, and the text of every error.

Checks run before PyTorch sees the arguments, because some of its kernels accept sizes that do
not fit and read past the end of the shorter one.
"""

from .caches import append, room, rows, same_memory
from .generation import beams, chosen, generation, logits, sampling
from .models import hidden, images, memories, one_text, part, pictures, segments, text
from .modules import block, features, multi_head, tokens
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
from .published import (
    published,
    published_config,
    published_settings,
    published_shapes,
    published_tensors,
)
from .recording import record, replacement, taps
from .tensors import attention, attention_weights, ids, integers, lengths, mask_fits

__all__ = [
    "append",
    "attention",
    "attention_weights",
    "beams",
    "block",
    "causal_sizes",
    "chosen",
    "even",
    "features",
    "feed_forward_sizes",
    "flag",
    "generation",
    "heads",
    "hidden",
    "ids",
    "images",
    "instance",
    "integers",
    "layer_norm_sizes",
    "lengths",
    "logits",
    "mask_fits",
    "memories",
    "multi_head",
    "multi_head_sizes",
    "one_of",
    "one_text",
    "part",
    "pictures",
    "positive",
    "probability",
    "published",
    "published_config",
    "published_settings",
    "published_shapes",
    "published_tensors",
    "real_number",
    "record",
    "replacement",
    "room",
    "rows",
    "same_memory",
    "sampling",
    "segments",
    "sinusoidal",
    "taps",
    "text",
    "tokens",
    "whole_number",
]
