"""The library of the book *Attention, Step by Step*: small, exact, proven."""

from .attention import MultiHeadAttention, attention, attention_weights
from .cache import KVCache
from .config import Config
from .generation import beam, generate, greedy, sample
from .layers import Block, FeedForward, LayerNorm
from .listing import show
from .masks import causal_mask, padding_mask, prefix_mask, window_mask
from .models import BERT, GPT, Transformer
from .positions import (
    LearnedPositions,
    NoPositions,
    SinusoidalPositions,
    sinusoidal,
    sinusoidal_concatenated,
)
from .recording import Tap, record
from .train import fit

__all__ = [
    "BERT",
    "GPT",
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
    "Transformer",
    "attention",
    "attention_weights",
    "beam",
    "causal_mask",
    "fit",
    "generate",
    "greedy",
    "padding_mask",
    "prefix_mask",
    "record",
    "sample",
    "show",
    "sinusoidal",
    "sinusoidal_concatenated",
    "window_mask",
]
