"""Bugs of linear attention and of the delta rule."""

from .mutant import Mutant

LINEAR, DELTA = "fixed_memory/linear.py", "fixed_memory/delta.py"
TEST_LINEAR = "tests/fixed_memory/test_linear.py"
TEST_DELTA = "tests/fixed_memory/test_delta.py"
CHECK = "validate/fixed_memory.py"

MUTANTS = [
    Mutant(
        "linear attention sees the future",
        LINEAR,
        "(positive(q) @ positive(k).mT).tril()",
        "positive(q) @ positive(k).mT",
        TEST_LINEAR,
    ),
    Mutant(
        "a chunk forgets the memory before it",
        LINEAR,
        "_shares(query @ memory + weights @ value, sums)",
        "_shares(weights @ value, sums)",
        TEST_LINEAR,
    ),
    Mutant(
        "no weights at all become 0/0",
        LINEAR,
        "mixed / (sums + (sums == 0))",
        "mixed / sums",
        TEST_LINEAR,
    ),
    Mutant(
        "the map underflows where elu + 1 rounds to 0",
        LINEAR,
        "torch.where(x > 0, x + 1, x.clamp(max=0).exp())",
        "torch.nn.functional.elu(x) + 1",
        TEST_LINEAR,
    ),
    Mutant(
        "the delta rule adds without erasing",
        DELTA,
        "(write * (value - key @ memory))",
        "(write * value)",
        TEST_DELTA,
    ),
    Mutant(
        "the memory is read before it is written",
        DELTA,
        "        outputs.append(query @ memory)\n    return",
        "        outputs.append(query @ (memory - key.mT @ (write * value)))\n    return",
        TEST_DELTA,
    ),
    Mutant(
        "a chunk corrects without the memory's decay",
        DELTA,
        "value - before * (key @ memory)",
        "value - key @ memory",
        TEST_DELTA,
    ),
    Mutant(
        "writes of a chunk do not decay until its end",
        DELTA,
        "(after * key).mT @ writes",
        "key.mT @ writes",
        TEST_DELTA,
    ),
    Mutant(
        "the decay ahead of a token overflows",
        DELTA,
        "_past(kept - kept.mT).exp()",
        "(kept - kept.mT).exp().tril()",
        TEST_DELTA,
    ),
    Mutant(
        "shares of another shape are stretched",
        CHECK,
        "        if x.shape != k.shape[:-1]:",
        "        if False:",
        "tests/fixed_memory/test_delta.py -k refused",
    ),
]
