"""What stands around attention: one block serves GPT, BERT, encoder and decoder."""

from collections.abc import Callable

from jaxtyping import Bool, Float
from torch import Tensor, nn

from . import validate
from .cache import KVCache
from .config import Config
from .feed_forward import feed_forward_of
from .multi_head import MultiHeadAttention
from .norms import RMSNorm, norm_of
from .recording import Tap
from .rotary import Rotary


class Residual(nn.Module):
    r"""Add to every token what a sub-layer makes of it, and normalize.

    Before the sub-layer if `norm_first`, $x + f(\mathrm{norm}(x))$, so that one path from input to
    output stays untouched; else after it, $\mathrm{norm}(x + f(x))$. With `norm_added`, what is
    added is normalized too, before it is added.
    Source: Xiong et al. (2020), table 1.
    """

    def __init__(self, config: Config):
        super().__init__()
        validate.instance("Residual", "config", config, Config)
        self.norm_first = config.norm_first
        self.norm = norm_of(config)
        self.added_norm = norm_of(config) if config.norm_added else None
        self.dropout = nn.Dropout(config.dropout)

    def forward(
        self, x: Float[Tensor, "B T C"], sublayer: Callable[..., Tensor], **arguments
    ) -> Float[Tensor, "B T C"]:
        """Add `sublayer(x, **arguments)` to x."""
        if self.norm_first:
            return x + self._added(sublayer(self.norm(x), **arguments))
        return self.norm(x + self._added(sublayer(x, **arguments)))

    def _added(self, x):
        if self.added_norm is not None:
            x = self.added_norm(x)
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
        self.feed_forward = feed_forward_of(config)
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
    attention.window = config.in_layer("window", layer)
    return attention


def _attention(config):
    attention = MultiHeadAttention(
        config.d_model,
        config.n_heads,
        n_kv_heads=config.n_kv_heads,
        d_k=config.d_head,
        d_v=config.d_head,
        bias=config.bias,
        dropout=config.dropout,
    )
    if config.qk_norm:
        attention.q_norm = RMSNorm(config.d_head, eps=config.norm_eps)
        attention.k_norm = RMSNorm(config.d_head, eps=config.norm_eps)
    return attention
