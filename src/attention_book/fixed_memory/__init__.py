"""Causal attention whose memory of the past is one matrix, however long the text."""

from .delta import (
    delta_chunked,
    delta_parallel,
    delta_recurrent,
    gated_delta_chunked,
    gated_delta_recurrent,
)
from .linear import linear_chunked, linear_parallel, linear_recurrent, positive

__all__ = [
    "delta_chunked",
    "delta_parallel",
    "delta_recurrent",
    "gated_delta_chunked",
    "gated_delta_recurrent",
    "linear_chunked",
    "linear_parallel",
    "linear_recurrent",
    "positive",
]
