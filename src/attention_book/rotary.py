"""Rotary positions: queries and keys turn by their places, and a score sees only the distance."""

import torch
from jaxtyping import Float, Int, Real
from torch import Tensor, nn

from . import validate


def rotate(
    x: Float[Tensor, "*batch T D"], places: Real[Tensor, " T"], *, theta: float = 10_000.0
) -> Float[Tensor, "*batch T D"]:
    r"""Turn every vector by its place: pair $i$ by the angle $p\,\theta^{-2i/D}$.

    The features $i$ and $i + D/2$ are a pair, as in Llama's weights. Turning two vectors by as much
    leaves their dot product as it is, so $q \cdot k$ depends on the distance of their places only.
    Angles are computed in float64; places may lie between whole numbers.
    ValueError if D is odd, or for another number of places than tokens; TypeError for other types.
    Source: Su et al. (2021), section 3.2.2.
    """
    validate.rotation("rotate", x, places)
    theta = validate.positive("rotate", "theta", theta)
    return _turned(x, *_turns(x, places, theta))


def halves_from_pairs(d_head: int) -> Int[Tensor, " D"]:
    """The order that takes features from the paper's layout into that of `rotate`.

    The paper pairs neighbors, 0 with 1, 2 with 3; `rotate` pairs i with i + D/2. Rows of W_Q and
    W_K of one head that were trained with neighbors become ours by `weight[halves_from_pairs(D)]`.
    ValueError if d_head is odd.
    """
    d_head = validate.even("halves_from_pairs", "d_head", d_head)
    return torch.arange(d_head).view(-1, 2).T.flatten()


class Rotary(nn.Module):
    """What an attention does to its queries and keys so that they know where they stand.

    `past` tokens stand before these ones, as many as a cache keeps. A `scale` below 1 squeezes the
    places together (position interpolation; Chen et al., 2023). Nothing is learned, or saved.
    Shapes: q (B, H, T, D), k (B, Hkv, T, D) -> the same two.
    """

    def __init__(self, theta: float = 10_000.0, *, scale: float = 1.0):
        super().__init__()
        self.theta = validate.positive("Rotary", "theta", theta)
        self.scale = validate.positive("Rotary", "scale", scale)

    def forward(
        self, q: Float[Tensor, "B H T D"], k: Float[Tensor, "B Hkv T D"], past: int = 0
    ) -> tuple[Float[Tensor, "B H T D"], Float[Tensor, "B Hkv T D"]]:
        """Both, turned by the places from `past` on."""
        places = torch.arange(past, past + q.shape[2], device=q.device)
        cos, sin = _turns(q, places * self.scale, self.theta)
        return _turned(q, cos, sin), _turned(k, cos, sin)

    def extra_repr(self) -> str:
        return f"theta={self.theta:g}, scale={self.scale:g}"


def _turns(x, places, theta):
    """Cosine and sine of each token's angles, (T, D/2)."""
    half = torch.arange(x.shape[-1] // 2, dtype=torch.float64, device=x.device)
    angles = places[:, None] * theta ** (-half / len(half))
    return angles.cos().to(x.dtype), angles.sin().to(x.dtype)


def _turned(x, cos, sin):
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)
