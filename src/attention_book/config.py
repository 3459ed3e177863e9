"""The sizes and choices of a model, in one place, checked when they are made."""

from dataclasses import dataclass
from typing import Literal, get_args

from . import validate

Activation = Literal["relu", "gelu", "gelu_tanh", "silu"]
Position = Literal["learned", "sinusoidal", "none", "rotary"]
Norm = Literal["layer", "rms"]
FeedForwardKind = Literal["plain", "gated"]

CHOICES = {"activation": Activation, "positions": Position}
CHOICES |= {"norm": Norm, "feed_forward": FeedForwardKind}
FLAGS = ("norm_first", "norm_added", "qk_norm", "bias", "scale_embeddings", "tie_embeddings")


class DerivedInt(int):
    """A size that was not given: a copy of the config with another width derives it anew."""


class DerivedFloat(float):
    """The same for a real number."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """What a model is made of; `dataclasses.replace` gives a copy with changes, checked again.

    What is not given follows: d_ff is four times d_model, d_head is d_model / n_heads, n_kv_heads
    is n_heads, and init_std, the standard deviation of the first weights, is 1 / sqrt(d_model),
    which keeps the size of what passes through small models (GPT-2's 0.02 fits its width of 768).
    `norm_first` normalizes before each sub-layer (GPT-2) rather than after it (the original
    Transformer, BERT), `norm_added` also what is added (Gemma), and `qk_norm` the queries and keys
    of each head. `gelu_tanh` is GPT-2's approximation of `gelu`; a "gated" `feed_forward` with
    `silu` is SwiGLU. `n_segments` is BERT's number of sentences, `scale_embeddings` the original
    Transformer's factor sqrt(d_model), and `tie_embeddings` reads the output off the input's
    vectors. With `positions="rotary"` nothing is added to the vectors: each block turns its queries
    and keys, at the speeds of `rope_theta`. A causal block sees no further back than its `window`.
    These two may be tuples, with one value for each block.
    ValueError or TypeError names the field.
    """

    vocab_size: int
    max_len: int
    d_model: int
    n_heads: int
    n_layers: int
    n_kv_heads: int | None = None
    d_head: int | None = None
    d_ff: int | None = None
    dropout: float = 0.0
    norm: Norm = "layer"
    norm_first: bool = True
    norm_added: bool = False
    qk_norm: bool = False
    feed_forward: FeedForwardKind = "plain"
    activation: Activation = "gelu"
    bias: bool = True
    norm_eps: float = 1e-5
    positions: Position = "learned"
    rope_theta: float | tuple = 10_000.0
    window: int | tuple | None = None
    n_segments: int = 0
    scale_embeddings: bool = False
    tie_embeddings: bool = True
    init_std: float | None = None

    def __post_init__(self):
        for name in ("vocab_size", "max_len", "d_model", "n_heads", "n_layers"):
            self._set(name, validate.whole_number("Config", name, getattr(self, name), least=1))
        self._derive()
        validate.groups("Config", self.n_heads, self.n_kv_heads)
        self._set("n_segments", validate.whole_number("Config", "n_segments", self.n_segments))
        self._set("dropout", validate.probability("Config", "dropout", self.dropout))
        self._set("norm_eps", validate.positive("Config", "norm_eps", self.norm_eps))
        for name in FLAGS:
            validate.flag("Config", name, getattr(self, name))
        for name, choices in CHOICES.items():
            validate.one_of("Config", name, getattr(self, name), get_args(choices))
        self._each("rope_theta", validate.positive)
        self._each("window", validate.window_size)
        if self.positions == "rotary":
            validate.even("Config", "d_head", self.d_head)

    def in_layer(self, name: str, layer: int):
        """The value of a field in one block."""
        value = getattr(self, name)
        return value[layer] if isinstance(value, tuple) else value

    def _derive(self):
        self._size("n_kv_heads", self.n_heads)
        if self.d_head is None or isinstance(self.d_head, DerivedInt):
            validate.heads("Config", self.d_model, self.n_heads)
        self._size("d_head", self.d_model // self.n_heads)
        self._size("d_ff", 4 * self.d_model)
        if self.init_std is None or isinstance(self.init_std, DerivedFloat):
            self._set("init_std", DerivedFloat(self.d_model**-0.5))
        else:
            self._set("init_std", validate.positive("Config", "init_std", self.init_std))

    def _size(self, name, derived):
        """A size that was given, or the one that follows from others."""
        size = getattr(self, name)
        if size is None or isinstance(size, DerivedInt):
            self._set(name, DerivedInt(derived))
        else:
            self._set(name, validate.whole_number("Config", name, size, least=1))

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
