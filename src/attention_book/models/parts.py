"""What every model has around its blocks: vectors in, a last norm, a causal view, logits out."""

import math

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from .. import validate
from ..config import Config
from ..norms import norm_of
from ..positions import POSITIONS
from ..recording import Tap


class Embeddings(nn.Module):
    r"""Token ids to vectors, what plus where, and at the other end vectors to logits.

    The logits are read off the same table, $x E^\top$, so it exists once and cannot come apart;
    only `tie_embeddings=False` gives them a table of their own. With a padding mask a place
    is the number of real tokens before, so that padding on the left moves nothing. `past` tokens
    stand before these ones. The tap `output` holds the sum.
    Shapes: ids (B, T), mask (B, 1, 1, past + T) -> (B, T, C). Source: Press and Wolf (2017).
    """

    def __init__(self, config: Config):
        super().__init__()
        self.tokens = nn.Embedding(config.vocab_size, config.d_model)
        self.positions = position_table(config)
        self.segments = None
        if config.n_segments:
            self.segments = nn.Embedding(config.n_segments, config.d_model)
        self.scale = math.sqrt(config.d_model) if config.scale_embeddings else 1.0
        self.head = None
        if not config.tie_embeddings:
            self.head = nn.Linear(config.d_model, config.vocab_size, bias=False)
        self.output = Tap()

    def forward(
        self,
        ids: Int[Tensor, "B T"],
        *,
        past: int = 0,
        mask: Bool[Tensor, "..."] | None = None,
        segments: Int[Tensor, "B T"] | None = None,
    ) -> Float[Tensor, "B T C"]:
        """The vectors of the ids, each at its place."""
        x = self.tokens(ids)
        if self.scale != 1:
            x = x * self.scale
        if self.positions is not None:
            x = x + self._places(ids.shape[1], past, mask)
        if self.segments is not None:
            x = x + self.segments(torch.zeros_like(ids) if segments is None else segments)
        return self.output(x)

    def logits(self, x: Float[Tensor, "*batch C"]) -> Float[Tensor, "*batch V"]:
        """How well each token of the vocabulary would fit."""
        return F.linear(x, (self.head or self.tokens).weight)

    def _places(self, length, past, mask):
        if mask is None:
            return self.positions.codes[past : past + length]
        return F.embedding(places(mask)[:, past:], self.positions.codes)


def position_table(config):
    """The vectors that are added to say where a token stands; None where attention knows it."""
    if config.positions == "rotary":
        return None
    return POSITIONS[config.positions](config.max_len, config.d_model)


def places(mask: Bool[Tensor, "B 1 1 Tk"]) -> Int[Tensor, "B Tk"]:
    """How many real tokens stand before each; padding itself stands anywhere."""
    return (mask[:, 0, 0].cumsum(-1) - 1).clamp(min=0)


class Door:
    """A call of a model from outside: `with Door(…) as past`, the number of tokens before.

    If it fails, its caches are as they were before, and ids are named that do not go up to
    the config's `vocab_size` or another of its sizes: looking for them at each call would cost
    more than the call's own error. On a GPU that error would end the process, so they come first.
    """

    def __init__(self, function, config, past=0, caches=None, **ids):
        self.function, self.config, self.past, self.ids = function, config, past, ids
        self.before = [(cache, cache.state) for cache in caches or ()]
        if any(x is not None and x.is_cuda for _, x in ids.values()):
            self._name_wrong_ids()

    def __enter__(self):
        return self.past

    def __exit__(self, kind, error, trace):
        if kind is not None:
            for cache, state in self.before:
                cache.state = state
            self._name_wrong_ids()

    def _name_wrong_ids(self):
        for size, (name, ids) in self.ids.items():
            if ids is not None:
                validate.ids(self.function, name, ids, getattr(self.config, size), size)


def last_norm(config):
    """Blocks that normalize before their sub-layers leave the last sum to be normalized."""
    if config.norm_first:
        return norm_of(config)
    return nn.Identity()


def small_normal(model, std):
    """Start every matrix from a narrow normal distribution and every bias from zero."""
    for name, parameter in model.named_parameters():
        if parameter.ndim > 1:
            nn.init.normal_(parameter, std=std)
        elif name.endswith("bias"):
            nn.init.zeros_(parameter)
