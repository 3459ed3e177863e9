"""Bugs of the four language tasks and of the figure that shows their answers being written."""

from .mutant import Mutant

FOUR = "tests/tasks/test_four.py -k"

MUTANTS = [
    Mutant(
        "the wrong clause counts",
        "tasks/four/opinions.py",
        'clauses[joint == "but"]',
        'clauses[joint != "but"]',
        f"{FOUR} clause_that_counts",
    ),
    Mutant(
        "an answer right in parts",
        "tasks/four/layout.py",
        "right.all(dim=1)",
        "right.any(dim=1)",
        f"{FOUR} one_wrong_word",
    ),
    Mutant(
        "new pairs learned from",
        "tasks/four/__init__.py",
        "return kind.new.isdisjoint(text.said)",
        "return True",
        f"{FOUR} new_pairs",
    ),
    Mutant(
        "the source asked for too",
        "tasks/four/layout.py",
        "((inputs == SIGN).cumsum(axis=1) > 0)",
        "((inputs == SIGN).cumsum(axis=1) >= 0)",
        f"{FOUR} what_is_asked",
    ),
    Mutant(
        "words shown before they are written",
        "figures/written.py",
        "if weights[places >= start + np.arange(len(weights))[:, None]].any():",
        "if weights[places > start + np.arange(len(weights))[:, None]].any():",
        "tests/figures/test_written.py -k refused",
    ),
]
