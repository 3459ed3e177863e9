"""Let a small model guess ahead, and a large one check all guesses in a single call."""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from . import validate
from .cache import KVCache
from .models.gpt import GPT


class Speculated(NamedTuple):
    """The new ids; how many guesses the model tested and accepted, in how many calls."""

    ids: Int[Tensor, " n"]
    tested: int
    accepted: int
    calls: int


def acceptance(target: Float[Tensor, "*batch V"], draft: Float[Tensor, "*batch V"]) -> Tensor:
    r"""How often a guess drawn from the chances `draft` is accepted by those of `target`.

    $\sum_x \min(p(x), q(x))$, which is 1 minus their total variation distance
    $\frac12 \sum_x |p(x) - q(x)|$. Shapes: (..., V) and (..., V) -> (...).
    Source: Leviathan et al. (2023), theorem 3.5.
    """
    validate.chances("acceptance", target, draft)
    return torch.minimum(target, draft).sum(-1)


def leftover(
    target: Float[Tensor, "*batch V"], draft: Float[Tensor, "*batch V"]
) -> Float[Tensor, "*batch V"]:
    r"""The chances from which a token is drawn in the place of a refused guess.

    $\max(p - q, 0)$, divided by its sum; where p = q nothing is ever refused, and it is p.
    Shapes: (..., V) and (..., V) -> (..., V). Source: Leviathan et al. (2023), section 2.3.
    """
    validate.chances("leftover", target, draft)
    lacking = (target - draft).clamp(min=0)
    total = lacking.sum(-1, keepdim=True)
    return torch.where(total > 0, lacking / total.clamp(min=torch.finfo(total.dtype).tiny), target)


@torch.inference_mode()
def speculate(
    model: GPT,
    draft: GPT,
    ids: Int[Tensor, "1 T"],
    n: int,
    ahead: int = 4,
    *,
    temperature: float = 1.0,
    generator: torch.Generator | None = None,
    end: int | None = None,
) -> Speculated:
    """Continue one text by n tokens with the chances of `model`, in fewer calls of it.

    In each round the draft guesses up to `ahead` tokens, one by one. One call of the model gives
    its own chances p at all of them. A guess x is accepted with the chance min(1, p(x) / q(x)), q
    the draft's; in the place of the first refused one a token is drawn from `leftover`, and behind
    a round without one from p. Both models have caches, which forget the refused. A temperature of
    0 gives the ids of `greedy`; nothing comes after `end`.
    ValueError or TypeError names the argument, also two models of different vocabularies.
    Source: Leviathan et al. (2023), algorithm 1.
    """
    n, ahead, end = validate.speculation("speculate", model, draft, ids, n, ahead, end)
    temperature, *_ = validate.sampling("speculate", temperature, None, None, generator)
    most = ids.shape[1] + n
    readers = [Reader(m, most, temperature) for m in (model, draft)]
    text, tested, accepted, calls, done = ids[0], 0, 0, 0, n == 0
    while not done:
        guesses = min(ahead, most - len(text) - 1)
        new, kept = _round(readers, text, guesses, generator)
        if done := end is not None and end in new:
            new = new[: new.tolist().index(end) + 1]
        tested += min(kept + (kept < guesses), len(new))
        accepted, calls = accepted + min(kept, len(new)), calls + 1
        text = torch.cat((text, new))
        done = done or len(text) == most
    return Speculated(text[ids.shape[1] :].clone(), tested, accepted, calls)


class Reader:
    """A model with its caches, which reads of a text what it has not read."""

    def __init__(self, model: GPT, length: int, temperature: float):
        self.model, self.temperature = model, temperature
        self.caches = [KVCache(length) for _ in range(model.config.n_layers)]

    def chances(self, text: Int[Tensor, " T"], n: int) -> Float[Tensor, "n V"]:
        """The chances after each of the last n tokens, in float64."""
        new = text[None, self.caches[0].length :]
        logits = self.model(new, caches=self.caches)[0, -n:].double()
        if self.temperature == 0:
            return torch.zeros_like(logits).scatter(-1, logits.argmax(-1, keepdim=True), 1.0)
        logits = logits - logits.amax(-1, keepdim=True)
        return (logits / self.temperature).softmax(-1)

    def forget(self, length: int) -> None:
        """Keep no more than the first `length` tokens."""
        for cache in self.caches:
            cache.length = min(cache.length, length)


def _round(readers, text, guesses, generator):
    """The tokens of one round, and how many of them are guesses of the draft."""
    large, small = readers
    guessed, q = text, []
    for _ in range(guesses):
        q.append(small.chances(guessed, 1)[0])
        guessed = torch.cat((guessed, _drawn(q[-1], generator)))
    p = large.chances(guessed, guesses + 1)
    kept = _kept(guessed[len(text) :], p, q, generator)
    last = leftover(p[kept], q[kept]) if kept < guesses else p[kept]
    for reader in readers:
        reader.forget(len(text) + kept)
    return torch.cat((guessed[len(text) :][:kept], _drawn(last, generator))), kept


def _kept(guesses, p, q, generator):
    """How many guesses are accepted before the first that is refused."""
    for place, x in enumerate(guesses.tolist()):
        chance = torch.rand((), dtype=p.dtype, generator=generator)
        if chance * q[place][x] >= p[place, x]:
            return place
    return len(guesses)


def _drawn(chances, generator):
    return torch.multinomial(chances, 1, generator=generator)
