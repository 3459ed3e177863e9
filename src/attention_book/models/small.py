"""A model of one attention and nothing beside it, to see what attention alone can do."""

from jaxtyping import Float, Int
from torch import Tensor, nn

from .. import validate
from ..config import Config
from ..multi_head import MultiHeadAttention
from .parts import Door, Embeddings


class AttentionOnly(nn.Module):
    """Token vectors, one attention over all of them, and for each token `n_answers` answers.

    No residual, no feed-forward, no norm: what a token says was looked up by a head. The config's
    `n_layers` and `d_ff` mean nothing here. Shapes: int ids (B, T) -> logits (B, T, n_answers, V).
    Errors are those of `GPT`.
    """

    def __init__(self, config: Config, *, n_answers: int):
        super().__init__()
        validate.one_text("AttentionOnly", config, Config)
        self.config = config
        self.n_answers = validate.whole_number("AttentionOnly", "n_answers", n_answers, least=1)
        self.embeddings = Embeddings(config)
        self.attention = MultiHeadAttention(config.d_model, config.n_heads)
        self.head = nn.Linear(config.d_model, self.n_answers * config.vocab_size)

    def forward(self, ids: Int[Tensor, "B T"]) -> Float[Tensor, "B T answers V"]:
        """For each token, the logits of each of its answers."""
        validate.text("AttentionOnly", self, "ids", ids, None, None)
        with Door("AttentionOnly", self.config, vocab_size=("ids", ids)):
            x = self.attention(self.embeddings(ids))
            return self.head(x).unflatten(-1, (self.n_answers, -1))
