"""Scaled dot-product attention: the formula, and the fused kernel that computes it."""

import math

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor

from . import validate


def attention_weights(
    q: Float[Tensor, "*batch Tq D"],
    k: Float[Tensor, "*batch Tk D"],
    mask: Bool[Tensor, "..."] | None = None,
) -> Float[Tensor, "*batch Tq Tk"]:
    r"""How much each query takes from each key: $\mathrm{softmax}(q k^\top / \sqrt{D})$.

    The mask is bool, True = may attend: (Tq, Tk), or with one axis for each axis of q.
    Masked weights are exactly 0; a query that may see nothing gets zeros, with finite
    gradients. Scores of half-precision inputs are computed in float32, so they cannot overflow.
    ValueError or TypeError names the argument; a result of over 8 GiB is refused beforehand.
    Source: Vaswani et al. (2017), section 3.2.1.
    """
    validate.attention_weights(q, k, mask)
    wide = torch.promote_types(q.dtype, torch.float32)
    scores = q.to(wide) @ k.to(wide).mT / math.sqrt(q.shape[-1])
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
) -> Float[Tensor, "*batch Tq Dv"]:
    r"""Mix the values in the shares that queries and keys agree on.

    $\mathrm{softmax}(q k^\top / \sqrt{D})\,v$, equal to `attention_weights(q, k, mask) @ v` but
    computed by PyTorch's fused kernel, which never holds all Tq x Tk weights at once.
    Masks, empty rows and errors are those of `attention_weights`. A NaN reaches the output even
    from a masked key or value, because 0 x NaN is NaN: a mask hides finite numbers only.
    Source: Vaswani et al. (2017), equation 1.
    """
    validate.attention(q, k, v, mask)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
