"""Norms: what keeps the size of every vector within bounds."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from . import validate
from .config import Config


class LayerNorm(nn.Module):
    r"""Give every vector mean 0 and variance 1, then stretch and shift it.

    $\frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}\,w + b$, where the variance divides by d_model, not
    by one less. Shapes: (..., C) -> (..., C). Source: Ba et al. (2016), section 3.
    """

    def __init__(self, d_model: int, *, eps: float = 1e-5, bias: bool = True):
        super().__init__()
        d_model = validate.whole_number("LayerNorm", "d_model", d_model, least=1)
        self.eps = validate.positive("LayerNorm", "eps", eps)
        validate.flag("LayerNorm", "bias", bias)
        self.weight = nn.Parameter(torch.ones(d_model))
        self.bias = nn.Parameter(torch.zeros(d_model)) if bias else None

    def forward(self, x: Float[Tensor, "*batch C"]) -> Float[Tensor, "*batch C"]:
        """Normalize the last axis."""
        weight = self.weight
        try:
            return F.layer_norm(x, weight.shape, weight, self.bias, self.eps)
        except Exception:
            validate.features("LayerNorm", "x", x, weight)
            raise


class RMSNorm(nn.Module):
    r"""Divide every vector by the root of its mean square, then stretch it.

    $\frac{x}{\sqrt{\frac{1}{C} \sum_i x_i^2 + \epsilon}}\,w$: `LayerNorm` without the mean and the
    shift, and equal to it for a vector of mean 0. Half precision is widened while it is squared.
    Shapes: (..., C) -> (..., C). Source: Zhang and Sennrich (2019), section 3.
    """

    def __init__(self, d_model: int, *, eps: float = 1e-5):
        super().__init__()
        d_model = validate.whole_number("RMSNorm", "d_model", d_model, least=1)
        self.eps = validate.positive("RMSNorm", "eps", eps)
        self.weight = nn.Parameter(torch.ones(d_model))

    def forward(self, x: Float[Tensor, "*batch C"]) -> Float[Tensor, "*batch C"]:
        """Normalize the last axis."""
        weight = self.weight
        try:
            return F.rms_norm(x, weight.shape, weight, self.eps)
        except Exception:
            validate.features("RMSNorm", "x", x, weight)
            raise


def norm_of(config: Config) -> LayerNorm | RMSNorm:
    """The norm that a config names, as wide as its model."""
    if config.norm == "rms":
        return RMSNorm(config.d_model, eps=config.norm_eps)
    return LayerNorm(config.d_model, eps=config.norm_eps, bias=config.bias)
