"""Is an opinion positive or negative? *not* turns an adjective, and one of two clauses counts.

    soup is not good but host is kind           positive
    soup is not good although host is kind      negative

After *but* the second clause counts, before *although* the first. The rule to beat counts good and
bad words, and takes a tie as positive; `turned` counts a word behind *not* the other way round.
"""

from .layout import Kind, Text

SUBJECTS = ["soup", "hotel", "show", "host"]
GOOD, BAD = ["good", "kind", "clean", "warm"], ["bad", "rude", "dirty", "cold"]
SIGNS = {True: "positive", False: "negative"}


def write(choose):
    """Two clauses, of which one counts."""
    clauses = [(choose(SUBJECTS), choose(["", "not"]), choose(GOOD + BAD)) for _ in range(2)]
    joint = choose(["but", "although"])
    (first, second), counts = (_clause(*clause) for clause in clauses), clauses[joint == "but"]
    good = (counts[2] in GOOD) != bool(counts[1])
    pairs = [(subject, adjective) for subject, _, adjective in clauses]
    return Text([*first, joint, *second], [SIGNS[good]], pairs, [(counts[0], counts[2])])


def count(source):
    return [SIGNS[sum((word in GOOD) - (word in BAD) for word in source) >= 0]]


def turned(source):
    """Good and bad words, each turned by a *not* before it."""
    before = ["", *source]
    turns = (1 - 2 * (was == "not") for was in before)
    kinds = ((word in GOOD) - (word in BAD) for word in source)
    return [SIGNS[sum(t * k for t, k in zip(turns, kinds, strict=False)) >= 0]]


def _clause(subject, turn, adjective):
    return [subject, "is", *([turn] if turn else []), adjective]


NEW = {(subject, words[i]) for words in (GOOD, BAD) for i, subject in enumerate(SUBJECTS)}
KIND = Kind("judge", write, count, NEW)
