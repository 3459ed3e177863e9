"""How the next token is chosen: the most likely one, or by chance."""

import math
from collections.abc import Callable

import torch
from jaxtyping import Float, Int
from torch import Tensor

from . import validate


def greedy(logits: Float[Tensor, "B V"]) -> Int[Tensor, " B"]:
    """The most likely token of every row."""
    validate.logits("greedy", logits)
    best, ids = logits.max(-1)
    validate.likely("greedy", best)
    return ids


def sample(
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    generator: torch.Generator | None = None,
) -> Callable[[Float[Tensor, "B V"]], Int[Tensor, " B"]]:
    r"""A way to choose by chance: `generate(model, ids, n, choose=sample(0.8, top_p=0.9))`.

    Tokens are drawn with the chances $\mathrm{softmax}(\mathrm{logits} / \mathrm{temperature})$;
    a temperature of 0 is `greedy`. Of these, `top_k` keeps the k most likely (all, if there are
    fewer), and then `top_p` the fewest of the most likely whose chances reach p together.
    Without a generator, PyTorch's own is drawn from. ValueError or TypeError names the argument.
    Source: Holtzman et al. (2020), section 3.1.
    """
    temperature, top_k, top_p = validate.sampling("sample", temperature, top_k, top_p, generator)
    if temperature == 0:
        return greedy

    def choose(logits):
        validate.logits("sample", logits)
        best = logits.amax(-1, keepdim=True)
        validate.likely("sample", best[:, 0])
        # In float64, and with 0 as the largest, no temperature is too small.
        logits = logits.double() - best
        chances = _nucleus(_most_likely(logits / temperature, top_k).softmax(-1), top_p)
        return torch.multinomial(chances, 1, generator=generator)[:, 0]

    return choose


def _most_likely(logits, k):
    if k is None or k >= logits.shape[-1]:
        return logits
    kept = logits.topk(k)
    return torch.full_like(logits, -math.inf).scatter(-1, kept.indices, kept.values)


def _nucleus(chances, p):
    if p is None:
        return chances
    falling, order = chances.sort(descending=True)
    reached = falling.cumsum(-1) - falling >= p  # before this token: those above suffice
    return chances.scatter(-1, order, falling.masked_fill(reached, 0.0))
