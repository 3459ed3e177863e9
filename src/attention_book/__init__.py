"""The library of the book *Attention, Step by Step*: small, exact, proven."""

from .attention import attention, attention_weights
from .cache import KVCache
from .config import Config
from .eight_bits import QuantizedCache
from .feed_forward import FeedForward, GatedFeedForward
from .generation import beam, generate, greedy, sample
from .latent import LatentAttention
from .layers import Block
from .listing import show
from .masks import causal_mask, padding_mask, prefix_mask, window_mask
from .models import BERT, GPT, Transformer
from .multi_head import MultiHeadAttention
from .norms import LayerNorm, RMSNorm
from .pages import PagedCache, Pages
from .positions import (
    LearnedPositions,
    NoPositions,
    SinusoidalPositions,
    sinusoidal,
    sinusoidal_concatenated,
)
from .recording import Tap, record
from .ring import RingCache
from .rotary import Rotary, halves_from_pairs, rotate
from .sinks import sink_attention
from .train import fit

__all__ = [
    "BERT",
    "GPT",
    "Block",
    "Config",
    "FeedForward",
    "GatedFeedForward",
    "KVCache",
    "LatentAttention",
    "LayerNorm",
    "LearnedPositions",
    "MultiHeadAttention",
    "NoPositions",
    "PagedCache",
    "Pages",
    "QuantizedCache",
    "RMSNorm",
    "RingCache",
    "Rotary",
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
    "halves_from_pairs",
    "padding_mask",
    "prefix_mask",
    "record",
    "rotate",
    "sample",
    "show",
    "sink_attention",
    "sinusoidal",
    "sinusoidal_concatenated",
    "window_mask",
]
