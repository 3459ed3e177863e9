"""Figures with one look: queries down, keys across, weights from 0 to 1."""

from .heatmap import heatmap

__all__ = ["heatmap"]
