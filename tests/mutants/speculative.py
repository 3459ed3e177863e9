"""Bugs of guessing ahead."""

from .mutant import Mutant

TESTS = "tests/test_speculative.py -k "
MUTANTS = [
    Mutant(
        "a refused guess is replaced by the model's own chances",
        "speculative.py",
        "lacking = (target - draft).clamp(min=0)",
        "lacking = target",
        f"{TESTS}one_place",
    ),
    Mutant(
        "a refused guess is replaced by the draft's surplus",
        "speculative.py",
        "(target - draft).clamp",
        "(draft - target).clamp",
        f"{TESTS}one_place",
    ),
    Mutant(
        "the accepted share is the overlap of the larger chances",
        "speculative.py",
        "torch.minimum(target, draft).sum(-1)",
        "torch.maximum(target, draft).sum(-1)",
        f"{TESTS}one_place",
    ),
    Mutant(
        "refused guesses stay in the caches",
        "speculative.py",
        "cache.length = min(cache.length, length)",
        "pass",
        f"{TESTS}forgets",
    ),
    Mutant(
        "a guess is checked against the chances after it",
        "speculative.py",
        "if chance * q[place][x] >= p[place, x]:",
        "if chance * q[place][x] >= p[place + 1, x]:",
        f"{TESTS}temperature_0",
    ),
    Mutant(
        "every guess is accepted",
        "speculative.py",
        "            return place\n",
        "            pass\n",
        f"{TESTS}temperature_0",
    ),
]
