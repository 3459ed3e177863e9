"""Bugs of whole models."""

from .mutant import Mutant

MUTANTS = [
    Mutant(
        "position always 0 with a cache",
        "models/parts.py",
        "codes[past : past + length]",
        "codes[:length]",
        "tests/models/test_gpt.py -k case_33",
    ),
    Mutant(
        "places of the padded row ignored",
        "models/parts.py",
        "if mask is None:\n            return self",
        "if True:\n            return self",
        "tests/models/test_gpt.py -k left_and_right",
    ),
    Mutant(
        "causal mask forgets the cached tokens",
        "models/parts.py",
        "causal & mask",
        "causal",
        "tests/models/test_gpt.py -k left_and_right",
    ),
    Mutant(
        "one new token ignores padding",
        "models/parts.py",
        "    if length == 1:\n        return mask",
        "    if length == 1:\n        return None",
        "tests/models/test_gpt.py -k left_and_right",
    ),
    Mutant(
        "all blocks write into the first cache",
        "models/gpt.py",
        "caches and caches[i]",
        "caches and caches[0]",
        "tests/models/test_gpt.py -k case_33",
    ),
    Mutant(
        "residual projections start as wide as the others",
        "models/gpt.py",
        "std=0.02 / math.sqrt(2 * config.n_layers)",
        "std=0.02",
        "tests/models/test_gpt.py -k starts_as",
    ),
    Mutant(
        "tied weights untied",
        "models/parts.py",
        "(self.head or self.tokens).weight",
        "self.tokens.weight.detach().clone()",
        "tests/models/test_gpt.py -k case_42",
    ),
    Mutant(
        "memory recomputed at each step",
        "models/transformer.py",
        "block(x, view, memories[i], source_mask, caches and caches[i])",
        "block(x, view, memories[i].clone(), source_mask, caches and caches[i])",
        "tests/models/test_transformer.py -k projected_once",
    ),
    Mutant(
        "the encoder's padding read by the decoder",
        "models/transformer.py",
        "memories[i], source_mask, ",
        "memories[i], None, ",
        "tests/models/test_transformer.py -k case_13",
    ),
    Mutant(
        "the decoder reads the first layer",
        "models/transformer.py",
        "[states[-1]]",
        "[states[0]]",
        "tests/models/test_transformer.py -k wirings_read",
    ),
    Mutant(
        "wiring reversed is not",
        "models/wirings.py",
        "states[::-1]",
        "states",
        "tests/models/test_transformer.py -k wirings_read",
    ),
]
