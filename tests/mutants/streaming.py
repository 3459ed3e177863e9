"""Bugs of attention in tiles and parts, and of the processes that hold them."""

from .mutant import Mutant

FILE, TESTS = "streaming.py", "tests/test_streaming.py"
TILES, PARTS, GRADIENTS = (f"{TESTS} -k {name}" for name in ("numpy", "parts", "gradients"))
RUNNING = "processes/running.py"
DIES = "tests/processes/test_running.py -k within_seconds"

MUTANTS = [
    Mutant(
        "the output so far is not rescaled",
        FILE,
        "output * rescale[..., None] +",
        "output +",
        TILES,
    ),
    Mutant("the sum so far is not rescaled", FILE, "total * rescale +", "total +", TILES),
    Mutant(
        "the running maximum is that of the last tile",
        FILE,
        "torch.maximum(top, scores.amax(-1))",
        "scores.amax(-1)",
        TESTS + " -k large_scores",
    ),
    Mutant(
        "tiles are aligned at the upper left",
        FILE,
        "places[n_keys - n_queries :, None]",
        "places[:n_queries, None]",
        TILES,
    ),
    Mutant(
        "parts count alike",
        FILE,
        "powers = (logs - top).exp()",
        "powers = (logs > -math.inf) * (top + 1 - top)",
        PARTS,
    ),
    Mutant(
        "the log-sum-exp forgets the maximum",
        FILE,
        "output.to(q.dtype), top + total.log()",
        "output.to(q.dtype), total.log()",
        PARTS,
    ),
    Mutant(
        "the backward pass forgets that shares add up to one",
        FILE,
        "(d_weights - shared[..., None])",
        "(d_weights - 0 * shared[..., None])",
        GRADIENTS,
    ),
    Mutant(
        "the backward pass forgets the log-sum-exp",
        FILE,
        ".sum(-1) - d_log_sum",
        ".sum(-1)",
        GRADIENTS,
    ),
    Mutant(
        "whoever notices a death is blamed for it",
        RUNNING,
        "if not (errors[rank] or",
        "if code == 0 and not (errors[rank] or",
        DIES,
    ),
]
