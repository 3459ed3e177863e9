"""Whom is *it*? A sentence with its pronoun masked; the answer hangs on determiner and noun.

    <s> a robot must obey the orders given [MASK] by human beings      it
    <s> a queen should ignore the laws given [MASK] by two robot       her
    <s> two queen will follow the rules given [MASK] by a boy          them

Nouns keep one form, so that neither word is enough by itself: who knows the determiner only is
right 2 times in 3 (that is the baseline). A model of one layer with one head, about 15,000
parameters, is right on at least 99 % of held-out sentences after 400 steps of 128.
"""

from functools import cache
from itertools import product

import numpy as np

from ..tokens import Words
from .task import IGNORED, Task

NOUNS = {
    **dict.fromkeys(["robot", "machine", "drone"], "it"),
    **dict.fromkeys(["man", "boy", "king"], "him"),
    **dict.fromkeys(["woman", "girl", "queen"], "her"),
}
DETERMINERS = ["a", "two"]
MODALS = ["must", "should", "will"]
VERBS = ["obey", "follow", "ignore"]
OBJECTS = ["orders", "laws", "rules"]
PRONOUNS = ["it", "him", "her", "them"]
GIVERS = [f"{determiner} {noun}" for determiner in DETERMINERS for noun in NOUNS]
GIVERS.append("human beings")

SENTENCE = "<s> a robot must obey the orders given it by human beings"
PLACE = SENTENCE.split().index("it")

FRAME = ["<s>", "[MASK]", "the", "given", "by", "human", "beings"]
tokens = Words([*FRAME, *PRONOUNS, *NOUNS, *DETERMINERS, *MODALS, *VERBS, *OBJECTS])


def task():
    """Fill the masked pronoun in."""
    return Task(tokens=tokens, draw=draw, pose=pose, guess=guess)


def draw(n, rng):
    """n of the 9,234 sentences, drawn evenly."""
    return _sentences()[rng.integers(len(_sentences()), size=n)]


def pose(sentences, rng):
    """Mask the pronoun, and ask for it there."""
    inputs, targets = sentences.copy(), np.full_like(sentences, IGNORED)
    inputs[:, PLACE] = tokens.ids["[MASK]"]
    targets[:, PLACE] = sentences[:, PLACE]
    return inputs, targets


def guess(inputs):
    """By the determiner alone: two are them, and a is it."""
    two = inputs[:, 1:2] == tokens.ids["two"]
    return two * tokens.ids["them"] + ~two * tokens.ids["it"]


@cache
def _sentences():
    choices = product(DETERMINERS, NOUNS, MODALS, VERBS, OBJECTS, GIVERS)
    return np.array([tokens.encode(_sentence(*words)) for words in choices])


def _sentence(determiner, noun, modal, verb, thing, giver):
    pronoun = "them" if determiner == "two" else NOUNS[noun]
    return f"<s> {determiner} {noun} {modal} {verb} the {thing} given {pronoun} by {giver}"
