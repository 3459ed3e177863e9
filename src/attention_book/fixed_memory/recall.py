"""A small model that must recall pairs: one head, with a rule to choose."""

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

from ..attention import attention
from ..tasks.overwriting import KEYS, VALUES
from .delta import delta_chunked, gated_delta_chunked
from .linear import linear_chunked, positive

WIDTH, HEAD = 64, 16


class Recall(nn.Module):
    """One head reads pairs, and answers questions from what its rule has kept of them.

    A rule takes the head's parts `q, k, v` of shape (B, T, 16), the shares `write` and `log_keep`
    of shape (B, T), and `slope`, a learned number. All rules get the same 8,595 parameters.
    """

    def __init__(self, rule):
        super().__init__()
        self.rule = rule
        self.keys, self.values = nn.Embedding(KEYS, WIDTH), nn.Embedding(VALUES, WIDTH)
        self.q_proj, self.k_proj, self.v_proj = (nn.Linear(WIDTH, HEAD, False) for _ in range(3))
        self.gates, self.slope = nn.Linear(WIDTH, 2), nn.Parameter(torch.tensor(0.1))
        self.answer = nn.Linear(HEAD, VALUES)
        nn.init.constant_(self.gates.bias[0], 2.0)
        nn.init.constant_(self.gates.bias[1], 4.0)

    def forward(
        self, keys: Int[Tensor, "B T"], values: Int[Tensor, "B T"], asked: Int[Tensor, "B A"]
    ) -> Float[Tensor, "B A V"]:
        """The logits of the value to each key that is asked for."""
        pair = self.keys(keys) + self.values(values)
        q, k, v = self.q_proj(self.keys(asked)), self.k_proj(self.keys(keys)), self.v_proj(pair)
        write, keep = self.gates(pair).unbind(-1)
        return self.answer(self.rule(q, k, v, write.sigmoid(), F.logsigmoid(keep), self.slope))


def softmax(q, k, v, write, log_keep, slope):
    return attention(q, k, v)


def softmax_and_position(q, k, v, write, log_keep, slope):
    """A score grows with the position of its key: what was said late counts more."""
    scores = q @ k.mT / HEAD**0.5 + slope * torch.arange(k.shape[1])
    return scores.softmax(-1) @ v


def linear(q, k, v, write, log_keep, slope):
    memory, total = linear_chunked(k, k, v)[1]
    return positive(q) @ memory / (positive(q) @ total)


def plain_sum(q, k, v, write, log_keep, slope):
    q, k = unit(q, k)
    return q @ (k.mT @ v)


def decayed_sum(q, k, v, write, log_keep, slope):
    q, k = unit(q, k)
    left = log_keep.sum(-1, keepdim=True) - log_keep.cumsum(-1)
    return q @ ((left.exp()[..., None] * k).mT @ v)


def delta(q, k, v, write, log_keep, slope):
    q, k = unit(q, k)
    return q @ delta_chunked(k, k, v, write)[1]


def gated_delta(q, k, v, write, log_keep, slope):
    q, k = unit(q, k)
    return q @ gated_delta_chunked(k, k, v, write, log_keep)[1]


def unit(*vectors):
    return [F.normalize(x, dim=-1) for x in vectors]


RULES = {
    "softmax": softmax,
    "softmax, positions": softmax_and_position,
    "linear attention": linear,
    "sum of k vᵀ": plain_sum,
    "decayed sum": decayed_sum,
    "delta rule": delta,
    "gated delta rule": gated_delta,
}
