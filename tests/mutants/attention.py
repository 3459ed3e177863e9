"""Bugs of the formula, its kernel, its masks and its specification."""

from .mutant import Mutant

ATTENTION, FORMULA = "attention.py", "tests/test_attention.py"
SCALE = "math.sqrt(q.shape[-1])"
FUSED = "F.scaled_dot_product_attention(q, k, v, attn_mask=mask)"

MUTANTS = [
    Mutant("no scale", ATTENTION, SCALE, "1", FORMULA),
    Mutant("scale by the width, not its root", ATTENTION, SCALE, "q.shape[-1]", FORMULA),
    Mutant("scale by the number of keys", ATTENTION, SCALE, "math.sqrt(k.shape[-2])", FORMULA),
    Mutant("no scale in the kernel", ATTENTION, FUSED, FUSED[:-1] + ", scale=1.0)", FORMULA),
    Mutant("softmax down the queries", ATTENTION, "softmax(-1).to", "softmax(-2).to", FORMULA),
    Mutant("softmax over the heads", ATTENTION, "bias).softmax(-1)", "bias).softmax(0)", FORMULA),
    Mutant("mask inverted", ATTENTION, "~mask & sees", "mask & sees", FORMULA),
    Mutant(
        "mask inverted in the kernel",
        ATTENTION,
        "=mask)",
        "=None if mask is None else ~mask)",
        FORMULA,
    ),
    Mutant("mask ignored in the kernel", ATTENTION, "attn_mask=mask", "attn_mask=None", FORMULA),
    Mutant("empty rows not a number", ATTENTION, "~mask & sees", "~mask", FORMULA),
    Mutant(
        "empty rows attend anywhere",
        ATTENTION,
        ".softmax(-1) * sees)",
        ".softmax(-1) * 1)",
        FORMULA,
    ),
    Mutant("a large number instead of infinity", ATTENTION, "-math.inf", "-1e4", FORMULA),
    Mutant(
        "scores in half precision",
        ATTENTION,
        "torch.promote_types(q.dtype, torch.float32)",
        "q.dtype",
        FORMULA,
    ),
    Mutant("keys and values swapped", ATTENTION, FUSED, FUSED.replace("k, v", "v, k"), FORMULA),
    Mutant(
        "arguments not checked",
        ATTENTION,
        "    validate.attention(q, k, v, mask)\n",
        "",
        "tests/test_validate.py",
    ),
    Mutant(
        "causal from the top left",
        "masks.py",
        ".tril(n_keys - n_queries)",
        ".tril()",
        "tests/test_masks.py",
    ),
    Mutant(
        "one key of the future",
        "masks.py",
        ".tril(n_keys - n_queries)",
        ".tril(n_keys - n_queries + 1)",
        "tests/test_masks.py",
    ),
    Mutant(
        "softmax without its maximum",
        "reference/attention.py",
        "np.where(np.isneginf(top), 0.0, top)",
        "0.0",
        "tests/test_reference.py",
    ),
    Mutant(
        "scale missing in the specification",
        "reference/attention.py",
        " / math.sqrt(q.shape[-1])",
        "",
        "tests/test_reference.py",
    ),
]
