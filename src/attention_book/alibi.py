"""Attention with a penalty for distance, in place of positions."""

import math

import torch

from .multi_head import MultiHeadAttention


class ALiBi(MultiHeadAttention):
    r"""Heads that look back with a penalty: $q \cdot k / \sqrt{D} - m\,(\text{distance})$, causal.

    Head h of H has the slope $m = 2^{-8h/H}$, so that some look near and some far. Nothing is
    learned. The view is always causal, and a mask is not for it. Queries are the last of the keys.
    Shapes and errors are those of `MultiHeadAttention`. Source: Press et al. (2022), section 3.
    """

    def _attend(self, q, k, v, mask, causal):
        if mask is not None or not causal:
            raise ValueError("ALiBi: the view is causal and takes no mask; pass causal=True alone")
        places = torch.arange(k.shape[2], device=q.device)
        far = places[-q.shape[2] :, None] - places
        heads = torch.arange(1, self.n_heads + 1, device=q.device)
        penalty = (2.0 ** (-8 * heads / self.n_heads))[:, None, None] * far
        scores = q @ k.mT / math.sqrt(q.shape[-1]) - penalty.to(q.dtype)
        weights = scores.masked_fill(far < 0, -math.inf).softmax(-1)
        return self.dropout(self.weights(weights)) @ v
