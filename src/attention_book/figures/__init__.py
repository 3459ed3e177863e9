"""Figures with one look: queries down, keys across, weights from 0 to 1."""

from .attention_map import attention_map
from .heatmap import heatmap

__all__ = ["attention_map", "heatmap"]
