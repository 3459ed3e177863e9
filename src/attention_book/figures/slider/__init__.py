"""Figures with sliders, for what changes continuously; they need Altair and vl-convert."""

from .neuron import neuron
from .softmax import softmax
from .training import training

__all__ = ["neuron", "softmax", "training"]
