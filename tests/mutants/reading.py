"""Bugs of scores of heads, and of heads that are taken away."""

from .mutant import Mutant

FILE, TESTS = "reading.py", "tests/test_reading.py"

MUTANTS = [
    Mutant(
        "induction looks at the twin, not behind it",
        FILE,
        "torch.arange(1, ids.shape[1] + 1, device",
        "torch.arange(ids.shape[1], device",
        TESTS,
    ),
    Mutant(
        "the first twin instead of the last",
        FILE,
        "following = (before * places).amax(-1)",
        "following = before.int().argmax(-1) + before.any(-1)",
        TESTS,
    ),
    Mutant(
        "a token is its own twin",
        FILE,
        "ids[:, None, :]).tril(-1)",
        "ids[:, None, :]).tril(0)",
        TESTS,
    ),
    Mutant(
        "tokens without a twin count as misses",
        FILE,
        "/ again.sum()",
        "/ again.numel()",
        TESTS,
    ),
    Mutant("this token for the one before", FILE, "diagonal(-1, 2, 3)", "diagonal(0, 2, 3)", TESTS),
    Mutant(
        "the head after it",
        FILE,
        "parts[head] = validate.stand_in(way(parts[head])",
        "parts[head - 1] = validate.stand_in(way(parts[head - 1])",
        TESTS,
    ),
    Mutant("resampled from itself", FILE, "heads.roll(1, 0)", "heads.roll(len(heads), 0)", TESTS),
    Mutant(
        "the mean of all places", FILE, "heads.mean(0, keepdim", "heads.mean((0, 1), keepdim", TESTS
    ),
    Mutant(
        "a head stays away after an error",
        FILE,
        "    with ExitStack() as hooks:",
        "    for hooks in [ExitStack()]:",
        TESTS,
    ),
]
