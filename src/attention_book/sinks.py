"""Attention that may look nowhere: each head has a sink that takes a share and gives nothing."""

import math

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from . import validate
from .attention import attention
from .masks import causal_mask


def sink_attention(
    q: Float[Tensor, "*batch H Tq D"],
    k: Float[Tensor, "*batch H Tk D"],
    v: Float[Tensor, "*batch H Tk Dv"],
    sink: Float[Tensor, " H"],
    mask: Bool[Tensor, "..."] | None = None,
    *,
    causal: bool = False,
) -> Float[Tensor, "*batch H Tq Dv"]:
    r"""Attention in which each head's `sink` is the score of one more key, whose value is zero.

    This is `attention(q, k, v, mask)` times $\sigma(\log \sum_j e^{s_j} - sink)$, where $s_j$ are
    the scores that a query may see: the gate says what share is left to the tokens.
    Scores are held as by `attention_weights`, whose masks and errors these are; a query that may
    see nothing gets zeros. Source: OpenAI (2025), gpt-oss; Xiao et al. (2024), section 3.2.
    """
    validate.sink("sink_attention", sink, q)
    heads = attention(q, k, v, mask, causal=causal)
    validate.few_enough("sink_attention", q, k)
    total = _log_total(q, k, mask, causal)
    gate = (total - sink[:, None, None].to(total.dtype)).sigmoid()
    return heads * gate.masked_fill(total == -math.inf, 0).to(heads.dtype)


def _log_total(q, k, mask, causal):
    """The logarithm of the sum that softmax divides by; -inf for empty rows."""
    wide = torch.promote_types(q.dtype, torch.float32)
    scores = q.to(wide) @ k.to(wide).mT / math.sqrt(q.shape[-1])
    if causal:
        past = causal_mask(q.shape[-2], k.shape[-2], device=q.device)
        mask = past if mask is None else past & mask
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.logsumexp(-1, keepdim=True)
