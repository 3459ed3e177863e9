"""GPT: blocks that never look ahead, trained to say the next token."""

import math

from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from .. import validate
from ..cache import KVCache
from ..config import Config
from ..layers import Block
from .parts import Door, Embeddings, last_norm, small_normal


class GPT(nn.Module):
    """A stack of causal blocks between token vectors: at each place, logits of the next token.

    `GPT(config)(ids)` reads whole texts. With `caches`, one `KVCache` for each block, the ids
    continue what the caches keep, at the places after it. `mask` is a `padding_mask` over all
    tokens so far, for texts of different lengths; what comes out at padding means nothing.
    `hidden` and `logits` are the two halves of a call.
    Shapes: int ids (B, T), mask (B, 1, 1, Tk) -> (B, T, V). IndexError for an id outside the
    vocabulary, ValueError for more tokens than `max_len`, TypeError for other types.
    Source: Radford et al. (2019), section 2.3, which also scales the first weights of what is added
    to the residual path by 1 / sqrt(2 n_layers).
    """

    def __init__(self, config: Config):
        super().__init__()
        validate.one_text("GPT", config, Config)
        self.config = config
        self.embeddings = Embeddings(config)
        self.dropout = nn.Dropout(config.dropout)
        blocks = [Block(config, layer=i) for i in range(config.n_layers)]
        self.blocks = nn.ModuleList(blocks)
        self.norm = last_norm(config)
        small_normal(self, config.init_std)
        added = config.init_std / math.sqrt(2 * config.n_layers)  # type: ignore[operator]
        for block in blocks:
            for sublayer in (block.attention.o_proj, block.feed_forward.down_proj):
                small_normal(sublayer, added)

    def forward(
        self,
        ids: Int[Tensor, "B T"],
        *,
        mask: Bool[Tensor, "..."] | None = None,
        caches: list[KVCache] | None = None,
    ) -> Float[Tensor, "B T V"]:
        """Logits of the next token at each place."""
        with self._door(ids, mask, caches) as past:
            return self.embeddings.logits(self.step(ids, past, mask, caches))

    def hidden(
        self,
        ids: Int[Tensor, "B T"],
        *,
        mask: Bool[Tensor, "..."] | None = None,
        caches: list[KVCache] | None = None,
    ) -> Float[Tensor, "B T C"]:
        """What the model thinks at each place: the vectors that the logits are read from."""
        with self._door(ids, mask, caches) as past:
            return self.step(ids, past, mask, caches)

    def logits(self, hidden: Float[Tensor, "*batch C"]) -> Float[Tensor, "*batch V"]:
        """How well each token of the vocabulary would come next."""
        validate.features("GPT.logits", "hidden", hidden, self.embeddings.tokens.weight)
        return self.embeddings.logits(hidden)

    def step(self, ids, past, mask, caches):
        """`hidden` of ids that are known to fit behind `past` tokens."""
        x = self.embeddings(ids, past=past, mask=mask)
        x = self.dropout(x) if self.training else x
        for i, block in enumerate(self.blocks):
            x = block(x, mask=mask, causal=True, cache=caches and caches[i])
        return self.norm(x)

    def _door(self, ids, mask, caches):
        past = validate.text("GPT", self, "ids", ids, caches, mask)
        return Door("GPT", self.config, past, caches, vocab_size=("ids", ids))
