"""The sizes and choices of a model, in one place, checked when they are made."""

from dataclasses import dataclass

from . import validate

ACTIVATIONS = ("relu", "gelu", "gelu_tanh")
POSITIONS = ("learned", "sinusoidal", "none")


@dataclass(frozen=True, kw_only=True)
class Config:
    """What a model is made of; `dataclasses.replace` gives a copy with changes, checked again.

    d_ff becomes four times d_model if it is not given. `norm_first` normalizes before each
    sub-layer (GPT-2) rather than after it (the original Transformer, BERT). `gelu_tanh` is
    GPT-2's approximation of `gelu`. `n_segments` is BERT's number of sentences,
    `scale_embeddings` the original Transformer's factor sqrt(d_model), and `tie_embeddings`
    reads the output off the input's vectors.
    ValueError or TypeError names the field.
    """

    vocab_size: int
    max_len: int
    d_model: int
    n_heads: int
    n_layers: int
    d_ff: int | None = None
    dropout: float = 0.0
    norm_first: bool = True
    activation: str = "gelu"
    bias: bool = True
    norm_eps: float = 1e-5
    positions: str = "learned"
    n_segments: int = 0
    scale_embeddings: bool = False
    tie_embeddings: bool = True

    def __post_init__(self):
        for name in ("vocab_size", "max_len", "d_model", "n_heads", "n_layers"):
            validate.whole_number("Config", name, getattr(self, name), least=1)
        validate.heads("Config", self.d_model, self.n_heads)
        if self.d_ff is None:
            object.__setattr__(self, "d_ff", 4 * self.d_model)
        validate.whole_number("Config", "d_ff", self.d_ff, least=1)
        validate.whole_number("Config", "n_segments", self.n_segments)
        validate.probability("Config", "dropout", self.dropout)
        validate.positive("Config", "norm_eps", self.norm_eps)
        for name in ("norm_first", "bias", "scale_embeddings", "tie_embeddings"):
            validate.flag("Config", name, getattr(self, name))
        validate.one_of("Config", "activation", self.activation, ACTIVATIONS)
        validate.one_of("Config", "positions", self.positions, POSITIONS)

    @property
    def d_head(self) -> int:
        """The width of one head."""
        return self.d_model // self.n_heads
