"""Where a token stands: attention itself cannot tell, so a vector for the place is added."""

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

from . import validate


def sinusoidal(
    n: int, d_model: int, dtype: torch.dtype | None = None
) -> Float[Tensor, "{n} {d_model}"]:
    r"""The encoding of positions 0 to n-1: sines and cosines from fast to slow, in turn.

    $PE_{p,2i} = \sin(p / 10000^{2i/d})$ and $PE_{p,2i+1} = \cos(p / 10000^{2i/d})$.
    Moving k positions on rotates each pair by a fixed angle, so the dot product of two encodings
    depends on their distance only. Computed in float64, returned in `dtype` or torch's default.
    ValueError if d_model is odd. Source: Vaswani et al. (2017), section 3.5.
    """
    angles = _angles("sinusoidal", n, d_model, dtype)
    return torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(1).to(_or_default(dtype))


def sinusoidal_concatenated(
    n: int, d_model: int, dtype: torch.dtype | None = None
) -> Float[Tensor, "{n} {d_model}"]:
    """The same numbers as `sinusoidal`, but all sines first and then all cosines.

    The paper's own program has this order, with slightly wider spaced frequencies. A network that
    starts from random weights learns the same from either; weights trained with one are wrong with
    the other.
    Source: Vaswani et al. (2018), Tensor2Tensor, `get_timing_signal_1d`.
    """
    angles = _angles("sinusoidal_concatenated", n, d_model, dtype)
    return torch.cat((angles.sin(), angles.cos()), dim=-1).to(_or_default(dtype))


class Positions(nn.Module):
    """One vector for each place, looked up in the table `codes`; the subclasses say which.

    Shapes: int places (...) -> (..., d_model). IndexError for a place outside 0 to max_len - 1.
    """

    codes: Tensor

    def __init__(self, max_len: int, d_model: int):
        super().__init__()
        for name, size in {"max_len": max_len, "d_model": d_model}.items():
            validate.whole_number(type(self).__name__, name, size, least=1)

    def forward(self, places: Int[Tensor, "*places"]) -> Float[Tensor, "*places C"]:
        """The vectors of these places."""
        validate.tensor(type(self).__name__, "places", places, validate.INTS, ("...",))
        validate.ids(type(self).__name__, "places", places, len(self.codes), "max_len")
        return F.embedding(places, self.codes)


class LearnedPositions(Positions):
    """Vectors that are trained, as in GPT-2 and BERT: a place never trained on says nothing."""

    def __init__(self, max_len: int, d_model: int):
        super().__init__(max_len, d_model)
        self.codes = nn.Parameter(torch.empty(max_len, d_model).normal_(std=0.02))


class SinusoidalPositions(Positions):
    """The fixed vectors of `sinusoidal`: nothing is learned, and nothing saved."""

    def __init__(self, max_len: int, d_model: int):
        super().__init__(max_len, d_model)
        _sizes("SinusoidalPositions", max_len, d_model)
        self.register_buffer("codes", sinusoidal(max_len, d_model), persistent=False)


class NoPositions(Positions):
    """Zeros: the model cannot tell the places apart, which is what the others are measured by."""

    def __init__(self, max_len: int, d_model: int):
        super().__init__(max_len, d_model)
        self.register_buffer("codes", torch.zeros(max_len, d_model), persistent=False)


# What is added to the vectors; rotary positions are not, they are in attention itself.
POSITIONS = {"learned": LearnedPositions, "sinusoidal": SinusoidalPositions, "none": NoPositions}


def _angles(function, n, d_model, dtype):
    n, d_model = _sizes(function, n, d_model)
    if dtype is not None and not (isinstance(dtype, torch.dtype) and dtype in validate.FLOATS):
        raise TypeError(
            f"{function}: dtype must be a real float type of torch, got {validate.shown(dtype)}"
        )
    places = torch.arange(n, dtype=torch.float64)
    exponents = torch.arange(0, d_model, 2, dtype=torch.float64) / d_model
    return places[:, None] / 10000**exponents


def _sizes(function, n, d_model):
    d_model = validate.whole_number(function, "d_model", d_model, least=2)
    if d_model % 2:
        raise ValueError(
            f"{function}: d_model must be even, one sine and one cosine each, got {d_model}"
        )
    return validate.whole_number(function, "n", n), d_model


def _or_default(dtype):
    return torch.get_default_dtype() if dtype is None else dtype
