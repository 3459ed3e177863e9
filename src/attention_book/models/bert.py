"""BERT: blocks that look both ways, trained to fill in what was hidden."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from .. import validate
from ..config import Config
from ..feed_forward import ACTIVATIONS
from ..layers import Block
from ..norms import LayerNorm
from .parts import Door, Embeddings, last_norm, small_normal


class BERT(nn.Module):
    """A stack of blocks without a causal mask: for each token, a vector that knows both sides.

    `mask` is a `padding_mask` for texts of different lengths, with the padding on the right, as
    the places and `pooled` count from the first token. `segments` says which of
    `n_segments` sentences each token belongs to, the first if not given. `logits` fills in hidden
    tokens, `pooled` sums up the text at its first token; either part is None in a model loaded
    from weights published without it. At BERT's base size there are 109,482,240 parameters and
    the 622,650 of `head`.
    Shapes: int ids (B, T), mask (B, 1, 1, T), segments (B, T) -> (B, T, C). Errors are those of
    `GPT`. Source: Devlin et al. (2019), section 3.
    """

    def __init__(self, config: Config):
        super().__init__()
        validate.instance("BERT", "config", config, Config)
        self.config = config
        self.embeddings = Embeddings(config)
        self.embeddings_norm = LayerNorm(config.d_model, eps=config.norm_eps)
        self.dropout = nn.Dropout(config.dropout)
        self.blocks = nn.ModuleList(Block(config, layer=i) for i in range(config.n_layers))
        self.norm = last_norm(config)
        self.pooler = nn.Linear(config.d_model, config.d_model)
        self.head = MaskedTokenHead(config)
        small_normal(self, config.init_std)

    def forward(
        self,
        ids: Int[Tensor, "B T"],
        *,
        mask: Bool[Tensor, "..."] | None = None,
        segments: Int[Tensor, "B T"] | None = None,
    ) -> Float[Tensor, "B T C"]:
        """A vector for each token, at which `logits` and `pooled` look."""
        validate.text("BERT", self, "ids", ids, None, mask)
        validate.padded_right("BERT", mask)
        validate.segments("BERT", self, ids, segments)
        with Door("BERT", self.config, vocab_size=("ids", ids), n_segments=("segments", segments)):
            x = self.dropout(self.embeddings_norm(self.embeddings(ids, segments=segments)))
            for block in self.blocks:
                x = block(x, mask=mask)
            return self.norm(x)

    def logits(self, hidden: Float[Tensor, "*batch C"]) -> Float[Tensor, "*batch V"]:
        """How well each token of the vocabulary would fit here."""
        validate.part("BERT.logits", self, "head")
        validate.features("BERT.logits", "hidden", hidden, self.embeddings.tokens.weight)
        return self.embeddings.logits(self.head(hidden)) + self.head.bias

    def pooled(self, hidden: Float[Tensor, "B T C"]) -> Float[Tensor, "B C"]:
        """The first token's vector, bent once more: what classifiers of whole texts read."""
        validate.part("BERT.pooled", self, "pooler")
        validate.tokens("BERT.pooled", "hidden", hidden, self.embeddings.tokens.weight)
        return torch.tanh(self.pooler(hidden[:, 0]))


class MaskedTokenHead(nn.Module):
    """One more layer before the logits, and a bias for each token of the vocabulary after them."""

    def __init__(self, config: Config):
        super().__init__()
        self.dense = nn.Linear(config.d_model, config.d_model)
        self.activation = ACTIVATIONS[config.activation]
        self.norm = LayerNorm(config.d_model, eps=config.norm_eps)
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))

    def forward(self, hidden: Float[Tensor, "*batch C"]) -> Float[Tensor, "*batch C"]:
        """The vectors whose products with the token table, and the bias, are the logits."""
        return self.norm(self.activation(self.dense(hidden)))
