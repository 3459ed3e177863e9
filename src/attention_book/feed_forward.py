"""What each token does by itself: widen, bend, narrow."""

from collections.abc import Callable
from functools import partial

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from . import validate
from .config import Activation, Config
from .recording import Tap

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": F.relu,
    "gelu": F.gelu,
    "gelu_tanh": partial(F.gelu, approximate="tanh"),
    "silu": F.silu,
}


class FeedForward(nn.Module):
    r"""Widen every token by itself, bend, and narrow it again: $f(x W_1 + b_1)\,W_2 + b_2$.

    Without the activation f the two maps would be one. The tap `hidden` holds the neurons.
    Shapes: (..., C) -> (..., C). Source: Vaswani et al. (2017), section 3.3.
    """

    def __init__(
        self, d_model: int, d_ff: int, *, activation: Activation = "relu", bias: bool = True
    ):
        super().__init__()
        d_model = validate.whole_number("FeedForward", "d_model", d_model, least=1)
        d_ff = validate.whole_number("FeedForward", "d_ff", d_ff, least=1)
        validate.one_of("FeedForward", "activation", activation, ACTIVATIONS)
        validate.flag("FeedForward", "bias", bias)
        self.up_proj = nn.Linear(d_model, d_ff, bias)
        self.activation = ACTIVATIONS[activation]
        self.hidden = Tap()
        self.down_proj = nn.Linear(d_ff, d_model, bias)

    def forward(self, x: Float[Tensor, "*batch C"]) -> Float[Tensor, "*batch C"]:
        """Change each token by itself."""
        try:
            return self.down_proj(self.hidden(self.activation(self.up_proj(x))))
        except Exception:
            validate.features("FeedForward", "x", x, self.up_proj.weight)
            raise


class GatedFeedForward(FeedForward):
    r"""A feed-forward whose neurons are multiplied by gates: $(f(x W_g) \odot x W_1)\,W_2$.

    With `silu` it is SwiGLU. One matrix more than `FeedForward`, so that d_ff is usually two thirds
    as wide. The tap `hidden` holds the products. Shapes: (..., C) -> (..., C).
    Source: Shazeer (2020), section 2.
    """

    def __init__(
        self, d_model: int, d_ff: int, *, activation: Activation = "silu", bias: bool = True
    ):
        super().__init__(d_model, d_ff, activation=activation, bias=bias)
        self.gate_proj = nn.Linear(d_model, d_ff, bias)

    def forward(self, x: Float[Tensor, "*batch C"]) -> Float[Tensor, "*batch C"]:
        """Change each token by itself."""
        try:
            gates = self.activation(self.gate_proj(x))
            return self.down_proj(self.hidden(gates * self.up_proj(x)))
        except Exception:
            validate.features("GatedFeedForward", "x", x, self.up_proj.weight)
            raise


def feed_forward_of(config: Config) -> FeedForward:
    """The feed-forward that a config names."""
    kind = GatedFeedForward if config.feed_forward == "gated" else FeedForward
    d_ff: int = config.d_ff  # type: ignore[assignment] # None only until the config is made
    return kind(config.d_model, d_ff, activation=config.activation, bias=config.bias)
