"""Numbers in eight bits: a whole number from -127 to 127 for each, and one scale for many."""

import copy

import torch
from jaxtyping import Float, Int8
from torch import Tensor

from . import validate
from .cache import KVCache

LARGEST = 127


def quantize(
    x: Float[Tensor, "*axes"], dim: int = -1
) -> tuple[Int8[Tensor, "*axes"], Float[Tensor, "..."]]:
    r"""The codes of x, and their scale along `dim`: $\mathrm{round}(x / s)$ with $s = \max|x|/127$.

    `dim=-1` gives each token a scale of its own, `dim=-2` each channel. What `dequantize` makes of
    both differs from x by half a scale at most, but for the rounding of its dtype. No gradient
    passes.
    ValueError for numbers that are not finite.
    Source: Jacob et al. (2018), section 2.1, here with zero in the middle.
    """
    validate.tensor("quantize", "x", x, validate.FLOATS, ("...", "tokens", "width"))
    dim = validate.whole_number("quantize", "dim", dim, least=-x.ndim, most=x.ndim - 1)
    x = x.detach()
    scale = x.abs().amax(dim, keepdim=True) / LARGEST if x.shape[dim] else x.sum(dim, keepdim=True)
    validate.finite("quantize", "x", scale)
    codes = torch.where(scale > 0, x / scale, 0).round().clamp(-LARGEST, LARGEST)
    return codes.to(torch.int8), scale


def dequantize(codes: Int8[Tensor, "*axes"], scale: Float[Tensor, "..."]) -> Float[Tensor, "*axes"]:
    """The numbers that the codes stand for: each times its scale, in the scale's dtype."""
    return codes.to(scale.dtype) * scale


class QuantizedCache(KVCache):
    """A KVCache that keeps each number in one byte, and a scale for each token of each head.

    `append` returns all keys and values so far in their own dtype, made anew from the bytes.
    For writing texts, not for training: what carries gradients is refused.
    Source: Hooper et al. (2024), section 3, who give keys a scale for each channel.
    """

    kept: tuple[Tensor, ...] | None = None

    def append(
        self, k: Float[Tensor, "B H T D"], v: Float[Tensor, "B H T Dv"]
    ) -> tuple[Float[Tensor, "B H Tk D"], Float[Tensor, "B H Tk Dv"]]:
        """Keep these keys and values, and return all so far, the oldest first.

        Errors are those of `KVCache.append` and `quantize`.
        """
        validate.append(self, k, v)
        validate.without_gradient(self, k, v)
        n, parts = k.shape[2], (*quantize(k), *quantize(v))
        kept = self.kept or (None,) * len(parts)
        self.kept = tuple(self._joined(*pair, n) for pair in zip(kept, parts, strict=True))
        self.k, self.v = (x[:, :, :0].clone() for x in (k, v))  # what the next ones must be like
        self.length += n
        codes_k, scale_k, codes_v, scale_v = (x.narrow(2, 0, self.length) for x in self.kept)
        return dequantize(codes_k, scale_k), dequantize(codes_v, scale_v)

    def select(self, rows) -> None:
        """Keep these rows of the batch, in this order."""
        super().select(rows)
        self.kept = tuple(x[rows] for x in self.kept)  # type: ignore[union-attr]

    @property
    def state(self) -> tuple:
        """All that a call may change; setting it takes the call back."""
        return *super().state, self.kept

    @state.setter
    def state(self, state: tuple) -> None:
        *others, self.kept = state
        KVCache.state.fset(self, tuple(others))  # type: ignore[attr-defined]

    def __deepcopy__(self, _):
        other = copy.copy(self)
        other.kept = self.kept and tuple(x.clone() for x in self.kept)
        return other
