"""Bugs of counting."""

from .mutant import Mutant

TESTS = "tests/test_ngrams.py -k "
MUTANTS = [
    Mutant(
        "the shorter stretch weighs as its count",
        "ngrams.py",
        "(counted + len(found) * chances) / (counted.sum() + len(found))",
        "(counted + counted.sum() * chances) / (2 * counted.sum())",
        f"{TESTS}brute_force",
    ),
    Mutant(
        "one stretch more is counted",
        "ngrams.py",
        "for k in range(min(self.n, end + 1)):",
        "for k in range(min(self.n + 1, end + 1)):\n                    k = max(0, k - 1)",
        f"{TESTS}brute_force",
    ),
    Mutant(
        "the temperature multiplies",
        "ngrams.py",
        "** (1 / temperature)",
        "** temperature",
        f"{TESTS}most_likely",
    ),
    Mutant(
        "half precision is taken for the model's own",
        "weights/__init__.py",
        "{name: x.float() for name, x in tensors.items()}",
        "tensors",
        "tests/exercises/test_gpt.py -k test_right_answers",
    ),
]
