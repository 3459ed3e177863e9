"""What stands around attention: one block serves GPT, BERT, encoder and decoder."""

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from . import validate
from .attention import MultiHeadAttention
from .cache import KVCache
from .config import Activation, Config
from .recording import Tap
from .rotary import Rotary

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": F.relu,
    "gelu": F.gelu,
    "gelu_tanh": partial(F.gelu, approximate="tanh"),
}


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


class Residual(nn.Module):
    r"""Add to every token what a sub-layer makes of it, and normalize.

    Before the sub-layer if `norm_first`, $x + f(\mathrm{norm}(x))$, so that one path from input to
    output stays untouched; else after it, $\mathrm{norm}(x + f(x))$.
    Source: Xiong et al. (2020), table 1.
    """

    def __init__(self, config: Config):
        super().__init__()
        validate.instance("Residual", "config", config, Config)
        self.norm_first = config.norm_first
        self.norm = LayerNorm(config.d_model, eps=config.norm_eps, bias=config.bias)
        self.dropout = nn.Dropout(config.dropout)

    def forward(
        self, x: Float[Tensor, "B T C"], sublayer: Callable[..., Tensor], **arguments
    ) -> Float[Tensor, "B T C"]:
        """Add `sublayer(x, **arguments)` to x."""
        if self.norm_first:
            return x + self._drop(sublayer(self.norm(x), **arguments))
        return self.norm(x + self._drop(sublayer(x, **arguments)))

    def _drop(self, x):
        return self.dropout(x) if self.training else x  # a call saved in each step of decoding


class Block(nn.Module):
    """Look around, then think: attention, cross-attention if there is a memory, feed-forward.

    With `causal=True` this is GPT's block, without it BERT's and the encoder's; made with
    `cross=True` it is the decoder's and reads a memory. `memory_mask` says which tokens of the
    memory are real. The cache serves both attentions. The tap `output` holds the result. `layer`
    counts the blocks, for what the config says of each.
    Shapes: x (B, T, C), memory (B, Tm, C) -> (B, T, C). Masks and errors are those of
    `MultiHeadAttention`. Source: Vaswani et al. (2017), figure 1.
    """

    def __init__(self, config: Config, *, cross: bool = False, layer: int = 0):
        super().__init__()
        validate.instance("Block", "config", config, Config)
        validate.flag("Block", "cross", cross)
        layer = validate.whole_number("Block", "layer", layer, most=config.n_layers - 1)
        self.attention = _self_attention(config, layer)
        self.attention_residual = Residual(config)
        self.cross_attention = _attention(config) if cross else None
        self.cross_residual = Residual(config) if cross else None
        self.feed_forward = FeedForward(
            config.d_model,
            config.d_ff,  # type: ignore[arg-type] # None only until the config is made
            activation=config.activation,
            bias=config.bias,
        )
        self.feed_forward_residual = Residual(config)
        self.output = Tap()

    def forward(
        self,
        x: Float[Tensor, "B T C"],
        *,
        memory: Float[Tensor, "B Tm C"] | None = None,
        memory_mask: Bool[Tensor, "..."] | None = None,
        mask: Bool[Tensor, "..."] | None = None,
        causal: bool = False,
        cache: KVCache | None = None,
    ) -> Float[Tensor, "B T C"]:
        """The tokens x after one more look around."""
        crosses, before = self.cross_attention is not None, getattr(cache, "state", None)
        try:
            if crosses != (memory is not None) or (memory_mask is not None and not crosses):
                raise ValueError("either a memory and cross-attention, or neither")
            x = self.attention_residual(x, self.attention, mask=mask, causal=causal, cache=cache)
            if self.cross_residual is not None:
                around = {"memory": memory, "mask": memory_mask, "cache": cache}
                x = self.cross_residual(x, self.cross_attention, **around)
            return self.output(self.feed_forward_residual(x, self.feed_forward))
        except BaseException:
            if cache is not None and before is not None:
                cache.state = before
            validate.block("Block", self, x, memory, mask, causal, memory_mask, cache)
            raise


def _self_attention(config, layer):
    """An attention with what tells it where its tokens stand, and how far it sees."""
    attention = _attention(config)
    if config.positions == "rotary":
        attention.rotary = Rotary(config.in_layer("rope_theta", layer))
    return attention


def _attention(config):
    return MultiHeadAttention(
        config.d_model, config.n_heads, bias=config.bias, dropout=config.dropout
    )
