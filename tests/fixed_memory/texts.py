"""Random texts for a fixed memory, and the rules once more, in NumPy."""

import numpy as np
import torch
import torch.nn.functional as F


def text(*batch, tokens=11, width=5, value_width=3, dtype=torch.float64, seed=0):
    """Queries, keys of length 1 and values."""
    generator = torch.Generator().manual_seed(seed)
    shapes = [(*batch, tokens, n) for n in (width, width, value_width)]
    q, k, v = (torch.randn(s, dtype=torch.float64, generator=generator) for s in shapes)
    return q.to(dtype), F.normalize(k, dim=-1).to(dtype), v.to(dtype)


def shares(*batch, tokens=11, dtype=torch.float64, seed=1):
    """How much each token writes, and the logarithm of what is kept of the memory."""
    generator = torch.Generator().manual_seed(seed)
    beta, keep = torch.rand(2, *batch, tokens, dtype=torch.float64, generator=generator)
    return beta.to(dtype), (keep / 2 + 0.5).log().to(dtype)


def linear_by_hand(q, k, v):
    """One text, by the definition, from the exponential linear unit."""
    q, k = (np.where(x > 0, x, np.expm1(np.minimum(x, 0))) + 1 for x in (q, k))
    rows = []
    for t in range(len(q)):
        weights = k[: t + 1] @ q[t]
        rows.append(weights / weights.sum() @ v[: t + 1])
    return np.array(rows)


def gated_delta_by_hand(q, k, v, beta, log_keep):
    """One text, with every step of the memory as the product of matrices in the paper."""
    memory, rows = np.zeros((q.shape[1], v.shape[1])), []
    for t in range(len(q)):
        erase = np.eye(q.shape[1]) - beta[t] * np.outer(k[t], k[t])
        memory = np.exp(log_keep[t]) * erase @ memory + beta[t] * np.outer(k[t], v[t])
        rows.append(memory.T @ q[t])
    return np.array(rows)
