"""Two layers of attention whose positions are the only difference, and texts that go round."""

from typing import Literal, get_args

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from .. import validate
from ..alibi import ALiBi
from ..multi_head import MultiHeadAttention
from ..norms import RMSNorm
from ..rotary import Rotary

Kind = Literal["rotary", "rotary in layer 1", "ALiBi", "learned", "none"]
WORDS, WIDTH, LONGEST = 24, 64, 192


def rounds(
    n: int, length: int, seed: int
) -> tuple[Int[Tensor, "n length"], Int[Tensor, "n length"], Bool[Tensor, "n length"]]:
    """Texts that repeat a group of 5 to 12 random tokens: ids, the next ones, and which are known.

    A next token is known from the second round on. Equal numbers give equal texts.
    """
    seeded = torch.Generator().manual_seed(seed)
    period = torch.randint(5, 13, (n, 1), generator=seeded)
    words = torch.randint(WORDS, (n, 12), generator=seeded)
    text = words.gather(1, torch.arange(length + 1) % period)
    return text[:, :-1], text[:, 1:], torch.arange(length) >= period


class Reader(nn.Module):
    """Attention, twice, on a residual stream, without feed-forward networks.

    `kind` says how it knows where a token stands. Shapes: int ids (B, T) -> logits (B, T, 24);
    at most 192 tokens with learned positions. ValueError for another kind.
    """

    def __init__(self, kind: Kind):
        super().__init__()
        validate.one_of("Reader", "kind", kind, get_args(Kind))
        attention = ALiBi if kind == "ALiBi" else MultiHeadAttention
        self.tokens, self.head = nn.Embedding(WORDS, WIDTH), nn.Linear(WIDTH, WORDS)
        nn.init.normal_(self.tokens.weight, std=0.5)
        places = 0.3 * torch.randn(LONGEST, WIDTH)
        self.places = nn.Parameter(places) if kind == "learned" else None
        self.norms = nn.ModuleList(RMSNorm(WIDTH) for _ in range(2))
        self.layers = nn.ModuleList(attention(WIDTH, 4, bias=False) for _ in range(2))
        for layer in self.layers[: {"rotary": 2, "rotary in layer 1": 1}.get(kind, 0)]:
            layer.rotary = Rotary()

    def forward(self, ids: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
        """The logits of each next token."""
        x = self.tokens(ids)
        if self.places is not None:
            x = x + self.places[: ids.shape[1]]
        for norm, layer in zip(self.norms, self.layers, strict=True):
            x = x + layer(norm(x), causal=True)
        return self.head(x)
