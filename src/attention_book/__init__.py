"""The library of the book *Attention, Step by Step*: small, exact, proven."""

from .attention import MultiHeadAttention, attention, attention_weights
from .cache import KVCache
from .config import Config
from .layers import Block, FeedForward, LayerNorm
from .masks import causal_mask, padding_mask, prefix_mask, window_mask
from .positions import (
    LearnedPositions,
    NoPositions,
    SinusoidalPositions,
    sinusoidal,
    sinusoidal_concatenated,
)
from .record import Tap, record

__all__ = [
    "Block",
    "Config",
    "FeedForward",
    "KVCache",
    "LayerNorm",
    "LearnedPositions",
    "MultiHeadAttention",
    "NoPositions",
    "SinusoidalPositions",
    "Tap",
    "attention",
    "attention_weights",
    "causal_mask",
    "padding_mask",
    "prefix_mask",
    "record",
    "sinusoidal",
    "sinusoidal_concatenated",
    "window_mask",
]
