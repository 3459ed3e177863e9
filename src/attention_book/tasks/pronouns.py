"""The law, word by word: whom are the orders given, which orders are such orders, which law wins?

    <s> a robot must obey the orders given it by human beings
        except where such orders would conflict with the First Law
    <s> two queen will protect the rules given them by every boy
        except where such rules would conflict with the Second Law

Three words follow from others: the pronoun from determiner and noun, what stands behind *such* from
what was given, and the law from the verb. Nouns keep one form, so that neither determiner nor noun
is enough by itself: who knows the determiner only is right 2 times in 3 (that is the baseline of
`task`). Each noun has one determiner that it never stands with in training, a robot among them:
`task(NEW_PAIRS)` asks for the pronoun of these. A model of one layer with one head, about 16,000
parameters, is right on at least 99 % of held-out sentences, and on as many of the new pairs, after
600 steps of 64.
"""

from functools import cache
from itertools import product

import numpy as np
import torch

from ..tokens import Words
from .task import IGNORED, Task

NOUNS = {
    **dict.fromkeys(["robot", "machine", "drone"], "it"),
    **dict.fromkeys(["man", "boy", "king"], "him"),
    **dict.fromkeys(["woman", "girl", "queen"], "her"),
}
DETERMINERS = ["a", "every", "two", "three"]
MODALS = ["must", "should", "will"]
LAWS = {"obey": "First", "follow": "First", "protect": "Second"}
VERBS = list(LAWS)
OBJECTS = ["orders", "laws", "rules"]
PRONOUNS = ["it", "him", "her", "them"]

PAIRS = [f"{determiner} {noun}" for determiner in DETERMINERS for noun in NOUNS]
NEW_PAIRS = ["a robot", "every machine", "three drone", "two man", "two boy", "every king"]
NEW_PAIRS += ["three woman", "a girl", "two queen"]
MET_PAIRS = [pair for pair in PAIRS if pair not in NEW_PAIRS]

SENTENCE = (
    "<s> a robot must obey the orders given it by human beings "
    "except where such orders would conflict with the First Law"
)
LENGTH = len(SENTENCE.split())
PLACE = SENTENCE.split().index("given")  # what comes next is the pronoun
SUCH, LAW = SENTENCE.split().index("such"), SENTENCE.split().index("First") - 1

FRAME = "<s> the given by human beings except where such would conflict with First Second Law"
tokens = Words([*FRAME.split(), *PRONOUNS, *NOUNS, *DETERMINERS, *MODALS, *VERBS, *OBJECTS])


def next_word(pairs=None):
    """At each place the next word, as GPT is trained; of these `pairs`, or of all that are met."""
    table = _followers()
    return _task(pairs, _ask_next, lambda inputs: table[inputs])


def task(pairs=None):
    """The next word where it is the pronoun, and nowhere else; `pairs` as in `next_word`."""
    return _task(pairs, pose, guess)


def pose(sentences, rng):
    """Ask for the pronoun at the word before it."""
    inputs, targets = _ask_next(sentences, rng)
    asked = np.full_like(targets, IGNORED)
    asked[:, PLACE] = targets[:, PLACE]
    return inputs, asked


def guess(inputs):
    """By the determiner alone: two or three are them, and any other is it."""
    several = (inputs[:, 1:2] == tokens.ids["two"]) | (inputs[:, 1:2] == tokens.ids["three"])
    return several * tokens.ids["them"] + ~several * tokens.ids["it"]


def _task(pairs, pose, guess):
    rows = _sentences(tuple(MET_PAIRS if pairs is None else pairs))
    return Task(tokens=tokens, draw=lambda n, rng: _draw(n, rng, rows), pose=pose, guess=guess)


def _draw(n, rng, rows):
    """n sentences, drawn evenly, but human beings give the orders in half of them."""
    first = rng.integers(rows.shape[0], size=n)
    giver = rng.integers(1, rows.shape[1], size=n)
    return rows[first, np.where(rng.random(n) < 0.5, 0, giver)]


def _ask_next(sentences, rng):
    return sentences[:, :-1].copy(), sentences[:, 1:].copy()


@cache
def _sentences(pairs):
    """All sentences of these pairs, of the shape (beginnings, givers, words)."""
    givers = ["human beings", *MET_PAIRS]
    choices = product(pairs, MODALS, VERBS, OBJECTS, givers)
    ids = np.array([tokens.encode(_sentence(*words)) for words in choices])
    return ids.reshape(-1, len(givers), LENGTH)


def _sentence(pair, modal, verb, thing, giver):
    determiner, noun = pair.split()
    pronoun = "them" if determiner in ("two", "three") else NOUNS[noun]
    return (
        f"<s> {pair} {modal} {verb} the {thing} given {pronoun} by {giver} "
        f"except where such {thing} would conflict with the {LAWS[verb]} Law"
    )


def _followers():
    """After each word the word that stands behind it most often."""
    rows = _sentences(tuple(MET_PAIRS))
    sentences = _draw(2000, np.random.default_rng(0), rows)
    counts = np.zeros((len(tokens), len(tokens)), dtype=int)
    np.add.at(counts, (sentences[:, :-1], sentences[:, 1:]), 1)
    return torch.from_numpy(counts.argmax(axis=1))
