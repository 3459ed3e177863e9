"""Other ways to connect a decoder with its encoder: only what the memories are changes."""

import torch

from .transformer import Transformer


class LayerToLayer(Transformer):
    """Block i of the decoder reads block i of the encoder."""

    def memories(self, states):
        return states


class Reversed(Transformer):
    """The decoder's first block reads the encoder's last, and its last block the first."""

    def memories(self, states):
        return states[::-1]


class Mean(Transformer):
    """All blocks of the decoder read the mean of what the encoder's blocks put out."""

    def memories(self, states):
        return [torch.stack(states).mean(0)] * len(self.decoder)
