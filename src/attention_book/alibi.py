"""Attention with a penalty for distance, in place of positions."""

import math

import torch

from .grouped import repeated
from .multi_head import MultiHeadAttention


class ALiBi(MultiHeadAttention):
    r"""Heads that look back with a penalty: $q \cdot k / \sqrt{D} - m\,(\text{distance})$, causal.

    Head h of H has the slope $m = 2^{-8h/H}$, so that some look near and some far. Nothing is
    learned. The view is always causal, and takes neither a mask nor a window. Queries are the last
    of the keys. Shapes and other errors are those of `MultiHeadAttention`.
    Source: Press et al. (2022), section 3.
    """

    def _attend(self, q, k, v, mask, causal):
        if mask is not None or not causal:
            only = "takes no mask and no window; pass causal=True alone"
            raise ValueError(f"ALiBi: the view is causal and {only}")
        positions = torch.arange(k.shape[2], device=q.device)
        far = positions[-q.shape[2] :, None] - positions
        slopes = [2.0 ** (-8 * h / self.n_heads) for h in range(1, self.n_heads + 1)]
        penalty = torch.tensor(slopes, dtype=q.dtype, device=q.device)[:, None, None] * far
        scores = q @ k.mT / math.sqrt(q.shape[-1]) - penalty
        weights = scores.masked_fill(far < 0, -math.inf).softmax(-1)
        return self.dropout(self.weights(weights)) @ v

    def _attend_in_groups(self, q, k, v, mask, causal):
        size = self.n_heads // self.n_kv_heads  # also for one query, which needs the penalty too
        return self._attend(q, repeated(k, size), repeated(v, size), mask, causal)
