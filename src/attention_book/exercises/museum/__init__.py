"""Appendix B: bugs of published code, each to be mended."""

from .asking import asked
from .caching import Little, left, restart, square
from .formula import norm, scale, softmax
from .layouts import batch, merge, rotary
from .masks import half, mask, padding, times, window
from .training import accumulate, dropout, shift

__all__ = [
    "Little",
    "accumulate",
    "asked",
    "batch",
    "dropout",
    "half",
    "left",
    "mask",
    "merge",
    "norm",
    "padding",
    "restart",
    "rotary",
    "scale",
    "shift",
    "softmax",
    "square",
    "times",
    "window",
]
