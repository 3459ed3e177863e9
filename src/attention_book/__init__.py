"""The library of the book *Attention, Step by Step*: small, exact, proven."""

from .attention import attention, attention_weights
from .masks import causal_mask

__all__ = ["attention", "attention_weights", "causal_mask"]
