"""Scaled dot-product attention: the formula and its fused computation."""

import math

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from . import validate
from .kernel import fused
from .masks import causal_mask


def attention_weights(
    q: Float[Tensor, "*batch Tq D"],
    k: Float[Tensor, "*batch Tk D"],
    mask: Bool[Tensor, "..."] | None = None,
    *,
    causal: bool = False,
) -> Float[Tensor, "*batch Tq Tk"]:
    r"""How much each query takes from each key: $\mathrm{softmax}(q k^\top / \sqrt{D})$.

    The mask is bool, True = may attend: (Tq, Tk), or with one axis for each axis of q. `causal`
    hides the future as `causal_mask` does, also together with a mask.
    Masked weights are exactly 0; a query that may see nothing gets zeros, with finite
    gradients. Scores of half-precision inputs are computed in float32, so they cannot overflow.
    ValueError or TypeError names the argument; a result of over 8 GiB is refused beforehand.
    Source: Vaswani et al. (2017), section 3.2.1.
    """
    validate.attention("attention_weights", mask, causal, q=q, k=k)
    validate.few_enough("attention_weights", q, k)
    wide = torch.promote_types(q.dtype, torch.float32)
    scores = q.to(wide) @ k.to(wide).mT / math.sqrt(q.shape[-1])
    if causal:
        past = causal_mask(q.shape[-2], k.shape[-2], device=q.device)
        mask = past if mask is None else past & mask
    if mask is None:
        return scores.softmax(-1).to(q.dtype)
    sees = mask.any(-1, keepdim=True)
    # A row of -inf has no softmax and no gradient: let it attend anywhere, then erase it.
    bias = torch.zeros_like(mask, dtype=wide).masked_fill(~mask & sees, -math.inf)
    return ((scores + bias).softmax(-1) * sees).to(q.dtype)


def attention(
    q: Float[Tensor, "*batch Tq D"],
    k: Float[Tensor, "*batch Tk D"],
    v: Float[Tensor, "*batch Tk Dv"],
    mask: Bool[Tensor, "..."] | None = None,
    *,
    causal: bool = False,
) -> Float[Tensor, "*batch Tq Dv"]:
    r"""Mix the values in the shares that queries and keys agree on.

    $\mathrm{softmax}(q k^\top / \sqrt{D})\,v$, equal to `attention_weights(q, k, mask) @ v` but
    computed by PyTorch's fused kernel, which does not hold all Tq x Tk weights at once. `causal`
    lets it skip what is hidden, which a mask of the same meaning does not.
    Masks, empty rows and errors are those of `attention_weights`. A NaN reaches the output even
    from a masked key or value, because 0 x NaN is NaN: a mask hides finite numbers only.
    The kernel has no second derivative: take those under
    `torch.nn.attention.sdpa_kernel(SDPBackend.MATH)`, which holds all weights.
    Source: Vaswani et al. (2017), equation 1.
    """
    validate.attention("attention", mask, causal, q=q, k=k, v=v)
    if q.ndim == 4:
        return fused(q, k, v, mask, causal)
    lead = q.shape[:-2]
    if mask is not None and mask.ndim > 2:
        mask = _four_axes(mask.expand(*lead, *mask.shape[-2:]))
    q, k, v = map(_four_axes, (q, k, v))
    out = fused(q, k, v, mask, causal)
    return out.reshape(*lead, *out.shape[-2:])


def _four_axes(x):
    """With others than four axes PyTorch leaves its fused kernel and holds all weights."""
    return x[(None,) * (4 - x.ndim)] if x.ndim < 4 else x.flatten(0, -4)
