"""Continue a text token by token, computing no token twice."""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from . import validate
from .cache import KVCache
from .choose import greedy, sample
from .models.gpt import GPT
from .models.transformer import Reading
from .progress import progress

__all__ = ["Beams", "beam", "generate", "greedy", "sample"]


def generate(
    model: GPT | Reading,
    ids: Int[Tensor, "B T"] | list[Int[Tensor, " _"]],
    n: int,
    choose: Callable[[Float[Tensor, "B V"]], Int[Tensor, " B"]] = greedy,
    *,
    end: int | None = None,
) -> Iterator[Int[Tensor, " B"]]:
    """Yield the next n ids of every row, one step at a time, each computed from the last alone.

    `ids` is a batch of prompts, or a list of prompts of different lengths, which do not disturb
    each other. After `end` a row only repeats it, and when all rows have, nothing more comes.
    A Transformer reads its source first: `generate(model.reading(source_ids), start, n)`.
    Errors come at once, not with the first step: ValueError or TypeError names the argument, also
    where prompt and n tokens are more than `max_len`; IndexError for an id outside the vocabulary.
    A model whose logits are NaN ends with a ValueError before anything is made up, on a GPU after
    the last step, because no step waits there; it does with `end`, to see whether all rows have.
    """
    n, end = validate.generation("generate", model, ids, n, end)
    if not callable(choose):
        raise TypeError(
            f"generate: choose must be a function of logits, got {type(choose).__name__}"
        )
    new, mask = _side_by_side(ids, n)
    return _generate(model, new, mask, n, choose, end)


class Beams(NamedTuple):
    """The continuations that a beam search kept, the most likely first, and their log chances."""

    ids: Int[Tensor, "B width n"]
    scores: Float[Tensor, "B width"]


@torch.no_grad()
def beam(
    model: GPT | Reading,
    ids: Int[Tensor, "B T"],
    n: int,
    width: int,
    *,
    end: int | None = None,
) -> Beams:
    """Search for the most likely n ids together, keeping the best `width` beginnings at each step.

    A width of 1 is `greedy`; a wider one finds what begins badly and ends well. A score is the
    sum of the logarithms of all chances; after `end` a row only repeats it, at no cost. Errors are
    those of `generate`. Source: Sutskever et al. (2014), section 3.2.
    """
    n, end = validate.generation("beam", model, ids, n, end)
    validate.instance("beam", "ids", ids, Tensor)
    width = validate.whole_number("beam", "width", width, 1, model.config.vocab_size)
    model = model.repeat(width) if isinstance(model, Reading) else model
    new = ids.repeat_interleave(width, 0)
    caches = _caches(model, ids.shape[1] + n)
    found = new.new_empty(len(new), 0)
    scores = torch.full((len(ids), width), -math.inf, device=ids.device)
    scores[:, 0] = 0.0  # all beams are alike at first, so only one of them may go on
    for step in progress(range(n), n, "tokens"):
        chances = _next_logits(model, new, caches, None).log_softmax(-1)
        scores, rows, new = _best(scores, _ended(chances, found, end), width)
        found = torch.cat((found[rows], new), dim=1)
        if step < n - 1:
            for cache in caches:
                cache.select(rows)
    validate.ranked("beam", scores)
    return Beams(found.view(len(ids), width, n), scores)


def _generate(model, new, mask, n, choose, end):
    caches, length = _caches(model, new.shape[1] + n), new.shape[1]
    ended = doubt = None
    for step in progress(range(n), n, "tokens"):
        seen = None if mask is None else mask[..., : length + step]
        chosen, doubt = _step(model, new, caches, seen, choose, doubt)
        if end is not None:
            chosen = chosen if ended is None else chosen.masked_fill(ended, end)
            ended = chosen == end
        yield chosen.clone()  # outside of inference mode, so that it may be trained on
        if ended is not None and ended.all():
            break
        new = chosen[:, None]
    if doubt is not None:
        validate.ranked("generate", doubt)


@torch.inference_mode()
def _step(model, new, caches, mask, choose, doubt):
    logits = _next_logits(model, new, caches, mask)
    if choose is not greedy:  # which looks itself
        validate.likely("generate", logits.amax(-1))
    chosen = validate.chosen("generate", choose(logits), len(new), model.config.vocab_size)
    if logits.is_cuda:  # to look would make each step wait, so that NaN is named after the last
        doubt = logits.amax(-1) * 0.0 if doubt is None else doubt + logits.amax(-1) * 0.0
    return chosen, doubt


def _next_logits(model, new, caches, mask):
    """What the model says after the last of the new tokens, which are known to fit."""
    return model.embeddings.logits(model.step(new, caches[0].length, mask, caches)[:, -1])


def _side_by_side(ids, n):
    """Prompts padded on the left, so that every row ends with a real token, and the mask."""
    if isinstance(ids, Tensor):
        return ids, None
    length = max(map(len, ids))
    rows = torch.stack([torch.cat((x.new_zeros(length - len(x)), x)) for x in ids])
    places = torch.arange(length + n, device=rows.device)
    starts = torch.tensor([length - len(x) for x in ids], device=rows.device)
    return rows, (places >= starts[:, None])[:, None, None]


def _caches(model, length):
    return [KVCache(max(1, length)) for _ in range(model.config.n_layers)]


def _ended(chances, found, end):
    """Rows that have ended may only go on with `end`, which then costs nothing."""
    if end is None or not found.shape[1]:
        return chances
    stay = torch.full_like(chances[:1], -math.inf)
    stay[:, end] = 0.0
    return torch.where(found[:, -1:] == end, stay, chances)


def _best(scores, chances, width):
    """The best `width` steps onward from all beams of a text: new scores, their rows, their ids."""
    batch, vocabulary = len(scores), chances.shape[1]
    together = (scores.view(-1, 1) + chances).view(batch, -1)
    scores, places = together.topk(width)
    rows = places // vocabulary + torch.arange(batch, device=places.device)[:, None] * width
    return scores, rows.flatten(), (places % vocabulary).view(-1, 1)
