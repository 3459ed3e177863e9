"""The first Transformer: an encoder that reads one text, a decoder that writes another."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from .. import validate
from ..cache import KVCache
from ..config import Config
from ..layers import Block
from .parts import Door, Embeddings, last_norm


class Transformer(nn.Module):
    """The encoder's blocks see the whole source, the decoder's see it and their own past.

    Each of the decoder's blocks reads a memory through its own keys and values; here it is the
    encoder's last output, for all alike. A subclass that overrides `memories` wires it otherwise.
    Source, target and logits share one table of tokens, and there are `n_layers` blocks on each
    side. `source_mask` is a `padding_mask` over the source.
    Shapes: int source_ids (B, Ts), target_ids (B, Tt), source_mask (B, 1, 1, Ts) -> (B, Tt, V).
    Errors are those of `GPT`. Source: Vaswani et al. (2017), figure 1; like the paper, and unlike
    `torch.nn.Transformer`, there is no norm after the last block unless `norm_first`.
    """

    def __init__(self, config: Config):
        super().__init__()
        validate.one_text("Transformer", config, Config)
        self.config = config
        self.embeddings = Embeddings(config)
        self.dropout = nn.Dropout(config.dropout)
        self.encoder = nn.ModuleList(Block(config, layer=i) for i in range(config.n_layers))
        self.encoder_norm = last_norm(config)
        self.decoder = nn.ModuleList(
            Block(config, cross=True, layer=i) for i in range(config.n_layers)
        )
        self.decoder_norm = last_norm(config)
        self._initialize()

    def forward(
        self,
        source_ids: Int[Tensor, "B Ts"],
        target_ids: Int[Tensor, "B Tt"],
        *,
        source_mask: Bool[Tensor, "..."] | None = None,
    ) -> Float[Tensor, "B Tt V"]:
        """Logits of each next target token."""
        memories = self.encode(source_ids, source_mask=source_mask)
        return self.decode(target_ids, memories, source_mask=source_mask)

    def encode(
        self, source_ids: Int[Tensor, "B Ts"], *, source_mask: Bool[Tensor, "..."] | None = None
    ) -> list[Float[Tensor, "B Ts C"]]:
        """Read the source once: one memory for each of the decoder's blocks."""
        function, ids = "Transformer.encode", ("source_ids", source_ids)
        validate.text(function, self, *ids, None, source_mask, mask_name="source_mask")
        with Door(function, self.config, vocab_size=ids):
            x = self.dropout(self.embeddings(source_ids, mask=source_mask))
            return self.encoded(x, source_mask)

    def encoded(self, x, mask=None):
        """`encode` of vectors, wherever they come from."""
        states = []
        for block in self.encoder:
            x = block(x, mask=mask)
            states.append(self.encoder_norm(x))
        return self.memories(states)

    def memories(self, states: list[Float[Tensor, "B Ts C"]]) -> list[Float[Tensor, "B Ts C"]]:
        """What each of the decoder's blocks reads, of what the encoder's blocks put out."""
        return [states[-1]] * len(self.decoder)

    def decode(
        self,
        target_ids: Int[Tensor, "B Tt"],
        memories: list[Float[Tensor, "B Ts C"]],
        *,
        source_mask: Bool[Tensor, "..."] | None = None,
        mask: Bool[Tensor, "..."] | None = None,
        caches: list[KVCache] | None = None,
    ) -> Float[Tensor, "B Tt V"]:
        """Logits of each next target token; mask and caches are those of `GPT`, for the target."""
        with self._door(target_ids, memories, source_mask, mask, caches) as past:
            x = self.step(target_ids, past, mask, caches, memories, source_mask)
            return self.embeddings.logits(x)

    def hidden(
        self,
        target_ids: Int[Tensor, "B Tt"],
        memories: list[Float[Tensor, "B Ts C"]],
        *,
        source_mask: Bool[Tensor, "..."] | None = None,
        mask: Bool[Tensor, "..."] | None = None,
        caches: list[KVCache] | None = None,
    ) -> Float[Tensor, "B Tt C"]:
        """The vectors that the logits are read from."""
        with self._door(target_ids, memories, source_mask, mask, caches) as past:
            return self.step(target_ids, past, mask, caches, memories, source_mask)

    def logits(self, hidden: Float[Tensor, "*batch C"]) -> Float[Tensor, "*batch V"]:
        """How well each token of the vocabulary would come next."""
        validate.features("Transformer.logits", "hidden", hidden, self.embeddings.tokens.weight)
        return self.embeddings.logits(hidden)

    def step(self, ids, past, mask, caches, memories, source_mask):
        """`hidden` of ids that are known to fit behind `past` tokens."""
        x = self.dropout(self.embeddings(ids, past=past, mask=mask))
        for i, block in enumerate(self.decoder):
            around = {"memory": memories[i], "memory_mask": source_mask, "mask": mask}
            x = block(x, **around, causal=True, cache=caches and caches[i])
        return self.decoder_norm(x)

    def _door(self, target_ids, memories, source_mask, mask, caches):
        function, ids = "Transformer.decode", ("target_ids", target_ids)
        past = validate.text(function, self, *ids, caches, mask)
        validate.memories(function, self, target_ids, memories, source_mask)
        return Door(function, self.config, past, caches, vocab_size=ids)

    @torch.no_grad()
    def reading(
        self, source_ids: Int[Tensor, "B Ts"], *, source_mask: Bool[Tensor, "..."] | None = None
    ) -> "Reading":
        """The model with this source read: `generate(model.reading(source), start, n)`."""
        return Reading(self, self.encode(source_ids, source_mask=source_mask), source_mask)

    def _initialize(self):
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        nn.init.normal_(self.embeddings.tokens.weight, std=self.config.init_std)


class Reading:
    """A Transformer that has read its source, so that it continues a target as a GPT does a text.

    The encoder has run, once; the keys and values of its memories are kept by the caches.
    """

    def __init__(self, model, memories, source_mask):
        self.model, self.memories, self.source_mask = model, memories, source_mask
        self.config, self.embeddings = model.config, model.embeddings

    @property
    def training(self) -> bool:
        return self.model.training

    def step(self, ids, past, mask, caches):
        return self.model.step(ids, past, mask, caches, self.memories, self.source_mask)

    def repeat(self, n: int) -> "Reading":
        """The same with every source standing n times in a row, as a beam of width n needs it."""
        copies = {id(x): x.repeat_interleave(n, 0) for x in self.memories}
        mask = self.source_mask
        if mask is not None and len(mask) > 1:
            mask = mask.repeat_interleave(n, 0)
        return Reading(self.model, [copies[id(x)] for x in self.memories], mask)
