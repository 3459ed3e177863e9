"""The sizes and choices of a model, in one place, checked when they are made."""

from dataclasses import dataclass
from typing import Literal, get_args

from . import validate

Activation = Literal["relu", "gelu", "gelu_tanh"]
Position = Literal["learned", "sinusoidal", "none", "rotary"]


class DerivedInt(int):
    """A size that was not given: a copy of the config with another width derives it anew."""


class DerivedFloat(float):
    """The same for a real number."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """What a model is made of; `dataclasses.replace` gives a copy with changes, checked again.

    d_ff becomes four times d_model if it is not given, and init_std, the standard deviation of
    the first weights, 1 / sqrt(d_model), which keeps the size of what passes through small models
    (GPT-2's 0.02 fits its width of 768). `norm_first` normalizes before each
    sub-layer (GPT-2) rather than after it (the original Transformer, BERT). `gelu_tanh` is
    GPT-2's approximation of `gelu`. `n_segments` is BERT's number of sentences,
    `scale_embeddings` the original Transformer's factor sqrt(d_model), and `tie_embeddings`
    reads the output off the input's vectors. With `positions="rotary"` nothing is added to the
    vectors, and each block turns its queries and keys, at the speeds of `rope_theta`.
    A tuple has one value for each block.
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
    activation: Activation = "gelu"
    bias: bool = True
    norm_eps: float = 1e-5
    positions: Position = "learned"
    rope_theta: float | tuple[float, ...] = 10_000.0
    n_segments: int = 0
    scale_embeddings: bool = False
    tie_embeddings: bool = True
    init_std: float | None = None

    def __post_init__(self):
        for name in ("vocab_size", "max_len", "d_model", "n_heads", "n_layers"):
            self._set(name, validate.whole_number("Config", name, getattr(self, name), least=1))
        validate.heads("Config", self.d_model, self.n_heads)
        self._derive()
        self._set("n_segments", validate.whole_number("Config", "n_segments", self.n_segments))
        self._set("dropout", validate.probability("Config", "dropout", self.dropout))
        self._set("norm_eps", validate.positive("Config", "norm_eps", self.norm_eps))
        for name in ("norm_first", "bias", "scale_embeddings", "tie_embeddings"):
            validate.flag("Config", name, getattr(self, name))
        validate.one_of("Config", "activation", self.activation, get_args(Activation))
        validate.one_of("Config", "positions", self.positions, get_args(Position))
        self._each("rope_theta", validate.positive)
        if self.positions == "rotary":
            validate.even("Config", "d_head", self.d_head)

    @property
    def d_head(self) -> int:
        """The width of one head."""
        return self.d_model // self.n_heads

    def in_layer(self, name: str, layer: int):
        """The value of a field in one block."""
        value = getattr(self, name)
        return value[layer] if isinstance(value, tuple) else value

    def _derive(self):
        if self.d_ff is None or isinstance(self.d_ff, DerivedInt):
            self._set("d_ff", DerivedInt(4 * self.d_model))
        else:
            self._set("d_ff", validate.whole_number("Config", "d_ff", self.d_ff, least=1))
        if self.init_std is None or isinstance(self.init_std, DerivedFloat):
            self._set("init_std", DerivedFloat(self.d_model**-0.5))
        else:
            self._set("init_std", validate.positive("Config", "init_std", self.init_std))

    def _each(self, name, check):
        """One value for all blocks, or a tuple with one for each."""
        value = getattr(self, name)
        if not isinstance(value, (tuple, list)):
            value = check("Config", name, value)
        elif len(value) == self.n_layers:
            value = tuple(check("Config", f"{name}[{i}]", x) for i, x in enumerate(value))
        else:
            wanted = f"have one value for each of {self.n_layers} blocks"
            validate.refuse("Config", name, wanted, len(value))
        self._set(name, value)

    def _set(self, name, value):
        object.__setattr__(self, name, value)  # the only way into a frozen dataclass
