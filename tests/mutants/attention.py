"""Bugs of the formula, its kernel, its masks and its specification."""

from .mutant import Mutant

ATTENTION, FUSED = "attention.py", "kernel.py"
FORMULA, CAUSAL = "tests/test_attention.py", "tests/test_causal.py"
SCALE = "math.sqrt(q.shape[-1])"
CALL = "out = F.scaled_dot_product_attention(q, k, v, **view)"
MASKED = "_kernel(q, k, v, attn_mask=mask)"
BOTH = "mask = past if mask is None else past & mask\n    "
ONE = "mask = past if mask is None else mask\n    "

MUTANTS = [
    Mutant("no scale", ATTENTION, SCALE, "1", FORMULA),
    Mutant("scale by the width, not its root", ATTENTION, SCALE, "q.shape[-1]", FORMULA),
    Mutant("scale by the number of keys", ATTENTION, SCALE, "math.sqrt(k.shape[-2])", FORMULA),
    Mutant("no scale in the kernel", FUSED, CALL, CALL[:-1] + ", scale=1.0)", FORMULA),
    Mutant(
        "softmax down the queries", ATTENTION, "scores.softmax(-1)", "scores.softmax(-2)", FORMULA
    ),
    Mutant("softmax over the heads", ATTENTION, "bias).softmax(-1)", "bias).softmax(0)", FORMULA),
    Mutant("mask inverted", ATTENTION, "~mask & sees", "mask & sees", FORMULA),
    Mutant("mask inverted in the kernel", FUSED, MASKED, MASKED.replace("=", "=~"), FORMULA),
    Mutant("mask ignored in the kernel", FUSED, MASKED, "_kernel(q, k, v)", FORMULA),
    Mutant("empty rows not a number", ATTENTION, "~mask & sees", "~mask", FORMULA),
    Mutant(
        "empty rows attend anywhere",
        ATTENTION,
        ".softmax(-1) * sees)",
        ".softmax(-1) * 1)",
        FORMULA,
    ),
    Mutant(
        "empty rows left to the kernel",
        FUSED,
        "empty = ~mask.any(-1, keepdim=True)",
        "empty = torch.zeros_like(mask[..., :1])",
        "tests/test_empty_rows.py",
    ),
    Mutant(
        "empty rows left to the kernel at evaluation",
        FUSED,
        "return out.masked_fill_(empty, 0.0) if",
        "return out if",
        "tests/test_empty_rows.py",
    ),
    Mutant(
        "a large number instead of infinity",
        ATTENTION,
        "-math.inf",
        "-1e4",
        FORMULA + " -k case_03",
    ),
    Mutant(
        "scores in half precision",
        ATTENTION,
        "torch.promote_types(q.dtype, torch.float32)",
        "q.dtype",
        FORMULA + " -k case_26",
    ),
    Mutant("keys and values swapped", FUSED, CALL, CALL.replace("k, v", "v, k"), FORMULA),
    Mutant(
        "arguments not checked",
        ATTENTION,
        '    validate.attention("attention", mask, causal, q=q, k=k, v=v)\n',
        "",
        "tests/test_validate.py",
    ),
    Mutant(
        "causal from the top left in the kernel",
        FUSED,
        "if mask is None and not (causal and n_queries < n_keys):",
        "if mask is None:",
        CAUSAL,
    ),
    Mutant(
        "causality forgotten beside a mask", ATTENTION, BOTH + "if mask", ONE + "if mask", CAUSAL
    ),
    Mutant(
        "causality forgotten beside a mask in the kernel",
        FUSED,
        BOTH + "out",
        ONE + "out",
        CAUSAL,
    ),
    Mutant(
        "slices sized by the queries",
        FUSED,
        "MOST_MASKED // max(1, n_keys)",
        "MOST_MASKED // max(1, n_queries)",
        CAUSAL + " -k case_57",
    ),
    Mutant(
        "no slices",
        FUSED,
        "rows >= n_queries or not",
        "True or not",
        CAUSAL + " -k case_57",
    ),
    Mutant(
        "a slice sees what comes after it",
        FUSED,
        "k.shape[2] - causal * (q.shape[2] - start - part.shape[2])",
        "k.shape[2]",
        CAUSAL + " -k case_57",
    ),
    Mutant(
        "three axes go to the kernel that holds all weights",
        ATTENTION,
        "    if q.ndim == 4:\n",
        "    if q.ndim == 3 and mask is None:\n"
        "        kernel = torch.nn.functional.scaled_dot_product_attention\n"
        "        return kernel(q, k, v, is_causal=causal)\n"
        "    if q.ndim == 4:\n",
        CAUSAL + " -k case_56",
    ),
    Mutant(
        "a second derivative without the kernel's rule for it",
        FUSED,
        "        out.register_hook(_once)\n",
        "        pass\n",
        "tests/test_transforms.py -k second_derivative_is_refused",
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
