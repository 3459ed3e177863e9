"""Attention that never holds its T x T weights: tile by tile, and in parts that are merged."""

import math
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from . import validate


class Partial(NamedTuple):
    r"""What a query gets from some of the keys, and how much these keys weigh together.

    `output` (..., Tq, Dv) is the attention over these keys alone. `log_sum` (..., Tq) is
    $\log \sum_j e^{s_j}$ over their scores, -inf where the query sees none of them.
    """

    output: Float[Tensor, "*batch Tq Dv"]
    log_sum: Float[Tensor, "*batch Tq"]


def streaming_attention(
    q: Float[Tensor, "*batch Tq D"],
    k: Float[Tensor, "*batch Tk D"],
    v: Float[Tensor, "*batch Tk Dv"],
    mask: Bool[Tensor, "..."] | None = None,
    *,
    causal: bool = False,
    tile: int = 64,
) -> Partial:
    r"""`attention(q, k, v, mask)` from `tile` keys at a time, with the log-sum-exp of its scores.

    Of the scores only a maximum $m$ and a sum $\ell = \sum_j e^{s_j - m}$ are kept for each query.
    When a tile brings a larger maximum $m'$, the sum and the output so far are multiplied by
    $e^{m - m'}$. The backward pass computes the weights of each tile again.
    Masks, empty rows and errors are those of `attention`; half precision is computed in float32,
    and `log_sum` stays in it. There is no second derivative, and no transform of `torch.func`.
    Source: Dao et al. (2022), algorithm 1; Milakov and Gimelshein (2018), section 3.
    """
    validate.attention("streaming_attention", mask, causal, q=q, k=k, v=v)
    tile = validate.whole_number("streaming_attention", "tile", tile, least=1)
    return Partial(*_Streaming.apply(q, k, v, mask, causal, tile))


def merge(*parts: Partial) -> Partial:
    r"""The attention over all keys, from that over parts of them, in any order and grouping.

    $o = \sum_p e^{z_p - z}\, o_p$ with $z = \log \sum_p e^{z_p}$, where $z_p$ is the `log_sum` of
    part $p$: each part counts by the weight of its keys, not by their number.
    ValueError or TypeError for no parts, or for parts that differ in shape, dtype or device.
    Source: Rabe and Staats (2021), sections 3 and 4.
    """
    validate.partial_results("merge", parts)
    logs = torch.stack([part.log_sum for part in parts])
    top = _finite(logs.amax(0).detach())
    powers = (logs - top).exp()
    total = powers.sum(0)
    empty = total == 0
    total = total.masked_fill(empty, 1.0)
    outputs = torch.stack([part.output for part in parts])
    output = ((powers / total)[..., None] * outputs).sum(0).to(outputs.dtype)
    return Partial(output, (top + total.log()).masked_fill(empty, -math.inf))


class _Streaming(torch.autograd.Function):
    @staticmethod
    def forward(ctx, q, k, v, mask, causal, tile):
        output, log_sum = _forward(q, k, v, mask, causal, tile)
        ctx.save_for_backward(q, k, v, mask, output, log_sum)
        ctx.how = causal, tile
        return output, log_sum

    @staticmethod
    def backward(ctx, d_output, d_log_sum):
        if torch.is_grad_enabled():  # the caller of backward said create_graph=True
            raise ValueError(
                "streaming_attention: it has no second derivative; for one, differentiate "
                "attention_weights(q, k) @ v"
            )
        q, k, v, mask, output, log_sum = ctx.saved_tensors
        saved = q, k, v, mask, *ctx.how
        return *_backward(*saved, output, log_sum, d_output, d_log_sum), None, None, None


def _forward(q, k, v, mask, causal, tile):
    wide = _wide(q)
    top = q.new_full(q.shape[:-1], -math.inf, dtype=wide)
    total = torch.zeros_like(top)
    output = q.new_zeros(*q.shape[:-1], v.shape[-1], dtype=wide)
    for keys, scores in _tiles(q, k, mask, causal, tile):
        largest = torch.maximum(top, scores.amax(-1))
        shift = _finite(largest)
        powers = (scores - shift[..., None]).exp()
        rescale = (top - shift).exp()
        total = total * rescale + powers.sum(-1)
        output = output * rescale[..., None] + powers @ v[..., keys, :].to(wide)
        top = largest
    output = output / total.masked_fill(total == 0, 1.0)[..., None]
    return output.to(q.dtype), top + total.log()


def _backward(q, k, v, mask, causal, tile, output, log_sum, d_output, d_log_sum):
    wide, scale = _wide(q), 1 / math.sqrt(q.shape[-1])
    d_output, shift = d_output.to(wide), _finite(log_sum)
    # What a score's gradient loses because the shares of a row add up to one.
    shared = (d_output * output).sum(-1) - d_log_sum
    d_q, d_k, d_v = (torch.zeros_like(x, dtype=wide) for x in (q, k, v))
    for keys, scores in _tiles(q, k, mask, causal, tile):
        weights = (scores - shift[..., None]).exp()
        d_weights = d_output @ v[..., keys, :].to(wide).mT
        d_scores = weights * (d_weights - shared[..., None]) * scale
        d_v[..., keys, :] = weights.mT @ d_output
        d_k[..., keys, :] = d_scores.mT @ q.to(wide)
        d_q += d_scores @ k[..., keys, :].to(wide)
    return d_q.to(q.dtype), d_k.to(k.dtype), d_v.to(v.dtype)


def _tiles(q, k, mask, causal, tile):
    """The keys of each tile and all queries' scores on them, -inf where they are hidden."""
    wide, n_queries, n_keys = _wide(q), q.shape[-2], k.shape[-2]
    places = torch.arange(n_keys, device=q.device)
    for start in range(0, n_keys, tile):
        keys = slice(start, start + tile)
        scores = q.to(wide) @ k[..., keys, :].to(wide).mT / math.sqrt(q.shape[-1])
        if mask is not None:
            seen = mask if mask.shape[-1] == 1 else mask[..., keys]
            scores = scores.masked_fill(~seen, -math.inf)
        if causal:
            future = places[keys] > places[n_keys - n_queries :, None]
            scores = scores.masked_fill(future, -math.inf)
        yield keys, scores


def _wide(x):
    """The type to compute in: float32 for half precision, else that of x."""
    return torch.promote_types(x.dtype, torch.float32)


def _finite(top):
    """0 in place of -inf, which subtracted from itself is NaN: a row that has seen nothing."""
    return top.masked_fill(top == -math.inf, 0.0)
