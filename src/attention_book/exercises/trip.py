"""Chapter 0: the whole trip, and what a check says of it."""

from functools import cache

import torch

from .. import tasks, weights
from ..generation import generate
from ..masks import causal_mask
from ..recording import record
from ..tasks.pronouns import LAW, LENGTH, PLACE, SUCH, tokens
from .verdict import exercise, expect

WEIGHTS = "blocks.0.attention.weights"


@exercise
def shapes(embedded, pattern, logits):
    """The sizes at three stops, for a sentence of seven tokens, each as (rows, columns)."""
    embedded, pattern, logits = map(tuple, (embedded, pattern, logits))
    law = "the law so far has eight tokens, but this sentence has seven."
    expect(8 not in embedded + pattern + logits, law)
    expect(embedded == (7, 32), "embedded: a row for each token, as wide as a vector.")
    expect(pattern != (7, 32), "the weights say how much each token takes from each token.")
    expect(pattern == (7, 7), "weights: a row for each token that looks, a column for each seen.")
    expect(logits != (1, 41), "logits: the model rates all words at every token, not at one.")
    expect(logits == (7, 41), "logits: a row for each token, a column for each word it knows.")


@exercise
def sentence(text):
    """A beginning that the model continues with him, such laws, and the Second Law."""
    words = text.split()
    expect(len(words) == 8, f"eight words, from <s> to given; got {len(words)}.")
    expect(words[0] == "<s>" and words[PLACE] == "given", "start with <s>, and end with given.")
    unknown = [word for word in words if word not in tokens.ids]
    expect(not unknown, f"the model does not know {', '.join(unknown)}.")
    ids = torch.tensor([tokens.encode(text)])
    words += [tokens.pieces[int(i)] for i in generate(_model(), ids, LENGTH - 8)]
    pronoun, such, law = words[PLACE + 1], words[SUCH + 1], words[LAW + 1]
    expect(pronoun != "them", "it says them: two of anything are them, so look at the determiner.")
    expect(pronoun == "him", f"it says {pronoun}: change the noun that gets the orders.")
    expect(such == "laws", f"it says such {such}: change what is given.")
    expect(law == "Second", f"it ends with the {law} Law: change what must be done.")


@exercise
def ablation(logits, word):
    """The logits of the two thousand questions without attention, and the one word said."""
    questions, _ = tasks.pronouns.task().held_out(2000, rng=1)
    shape = (2000, LENGTH - 1, len(tokens))
    expect(tuple(getattr(logits, "shape", ())) == shape, f"logits of the shape {shape} are due.")
    plain, without = _logits(questions, False), _logits(questions, True)
    same = torch.allclose(logits.to(plain), plain, rtol=0, atol=1e-4)
    expect(not same, "nothing is gone: call the model inside the with.")
    right = torch.allclose(logits.to(plain), without, rtol=0, atol=1e-4)
    expect(right, "are all weights 0, at every place, and these questions asked?")
    said = {tokens.pieces[i] for i in without[:, PLACE].argmax(-1).tolist()}
    expect({word} == said, f"{word} is not what it says after given: look at the largest logit.")


@exercise
def shift(sees_next, misses_itself):
    """Two masks of 21 words that are off by one."""
    names = ("the first mask", "the second mask")
    for name, mask in zip(names, (sees_next, misses_itself), strict=True):
        expect(getattr(mask, "dtype", None) == torch.bool, f"{name}: end with .bool().")
        expect(tuple(mask.shape) == (21, 21), f"{name}: 21 × 21 for 21 words.")
        expect(not mask.equal(causal_mask(21)), f"{name} is the right one: shift it.")
        expect(mask.any(), f"{name} hides everything: start from ones.")
    expect(not misses_itself.diagonal().any(), "in the second mask a word must not see itself.")
    expect(sees_next.diagonal(1).all(), "in the first mask each word must see the next.")
    ones = torch.ones(21, 21)
    wide = "the first mask: the word itself, all before it, and one after it."
    expect(sees_next.equal(ones.tril(1).bool()), wide)
    narrow = "the second mask: all words before, and no other."
    expect(misses_itself.equal(ones.tril(-1).bool()), narrow)


@cache
def _model():
    return weights.load("pronouns-1-head").double().requires_grad_(False)


def _logits(questions, ablated):
    replace = {WEIGHTS: torch.zeros_like} if ablated else {}
    with record(_model(), replace=replace):
        return _model()(questions)
