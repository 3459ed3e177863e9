"""Blanks in the sentences of `language` that are eleven tokens long, filled by their left or right.

    <s> the girl near the king waits before [MASK] speaks .      she
    <s> before [MASK] speaks the girl near the king waits .      she

All 7,776 sentences have one length, so nothing is padded. A noun of another kind mostly stands
nearer, and each pronoun is right 1 time in 3 (the rule to beat). Two layers with two heads,
d_model 32, learn `as_bert` in 300 steps of 64 and then fill at least 95 % of either blank; under a
causal mask no model can fill more than 1 in 3 of `noun_after`, on average.
"""

from functools import cache

import numpy as np

from ..tokens import Words
from ..validate.numbers import probability
from . import language
from .language import MASK, PRONOUN_IDS, PRONOUNS
from .task import IGNORED, Task

LENGTH = language.LONGEST
FIRST_WORD = language.tokens.ids["the"]
tokens: Words = language.tokens


def as_bert(share=0.15):
    """BERT's exercise: a share of each sentence's words is asked for, and at least one of them.

    Of the words asked for, 80 % are hidden behind [MASK], 10 % replaced by a word drawn evenly from
    all, and 10 % left to read. Source: Devlin et al. (2019), section 3.1.
    """
    return _task(draw, _asking(probability("as_bert", "share", share), 0.8, 0.9))


def always_hidden(share=0.15):
    """The same words asked for, each hidden behind [MASK]."""
    return _task(draw, _asking(probability("always_hidden", "share", share), 1.0, 1.0))


def next_word():
    """After each word the next one, as GPT is trained."""
    return _task(draw, lambda rows, rng: (rows[:, :-1].copy(), rows[:, 1:].copy()))


def noun_before():
    """The pronoun hidden, after its noun."""
    return _task(lambda n, rng: language._drawn(n, rng, _kind(language._noun_first)), _hide_pronoun)


def noun_after():
    """The pronoun hidden, and its noun still to come."""
    return _task(
        lambda n, rng: language._drawn(n, rng, _kind(language._pronoun_first)), _hide_pronoun
    )


def asked_at_the_end():
    """The pronoun hidden in either kind of sentence, and asked for at the full stop."""

    def pose(rows, rng):
        read, targets = _hide_pronoun(rows, rng)
        return read, np.where(rows == tokens.ids["."], targets.max(axis=1, keepdims=True), IGNORED)

    return _task(draw, pose)


def fits():
    """Does the pronoun fit? Half of the sentences have a wrong one: 1 for right, 0 for wrong."""

    def pose(rows, rng):
        place = np.isin(rows, PRONOUN_IDS)
        right = rng.integers(2, size=len(rows))
        shift = np.where(right, 0, rng.integers(1, 3, size=len(rows)))
        moved = (rows - PRONOUN_IDS[0] + shift[:, None]) % len(PRONOUNS) + PRONOUN_IDS[0]
        return np.where(place, moved, rows), right

    return Task(tokens=tokens, draw=draw, pose=pose, guess=lambda x: x[:, 0] * 0)


def draw(n, rng):
    """n sentences, drawn evenly from both kinds."""
    return language._drawn(n, rng, sentences())


def _asking(share, hidden, changed):
    """Pose words: below `hidden` of 1 behind [MASK], from there to `changed` replaced."""

    def pose(rows, rng):
        chance = np.where(rows > MASK, rng.random(rows.shape), 2.0)
        asked = chance <= np.maximum(share, chance.min(axis=1, keepdims=True))
        dice, words = rng.random(rows.shape), rng.integers(FIRST_WORD, len(tokens), rows.shape)
        read = np.select([dice < hidden, dice < changed], [MASK, words], rows)
        return np.where(asked, read, rows), np.where(asked, rows, IGNORED)

    return pose


@cache
def sentences():
    """All 7,776 sentences, one a row: 3,888 with the noun before the pronoun, then the others."""
    return np.concatenate([_kind(language._noun_first), _kind(language._pronoun_first)])


def _kind(order):
    rows = language._sentences(order)
    return rows[(rows != language.PAD).all(axis=1)]


def _hide_pronoun(rows, rng):
    hidden = np.isin(rows, PRONOUN_IDS)
    return np.where(hidden, MASK, rows), np.where(hidden, rows, IGNORED)


def _task(draw, pose):
    return Task(tokens=tokens, draw=draw, pose=pose, guess=lambda x: x * 0 + PRONOUN_IDS[0])
