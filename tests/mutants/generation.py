"""Bugs of writing a text token by token."""

from .mutant import Mutant

MUTANTS = [
    Mutant(
        "scores read at the first token",
        "generation.py",
        "hidden(new, caches, mask)[:, -1]",
        "hidden(new, caches, mask)[:, 0]",
        "tests/test_generation.py -k case_34",
    ),
    Mutant(
        "prompts padded on the right",
        "generation.py",
        "(x.new_zeros(length - len(x)), x)",
        "(x, x.new_zeros(length - len(x)))",
        "tests/test_generation.py -k case_15_prompts",
    ),
    Mutant(
        "padding forgotten after the prompt",
        "generation.py",
        "seen = None if mask is None else",
        "seen = None if mask is None or step else",
        "tests/test_generation.py -k case_15_prompts",
    ),
    Mutant(
        "a row goes on after its end",
        "generation.py",
        "chosen if ended is None else chosen.masked_fill(ended, end)",
        "chosen",
        "tests/test_generation.py -k case_52",
    ),
    Mutant(
        "temperature multiplied",
        "choose.py",
        "logits / temperature",
        "logits * temperature",
        "tests/test_generation.py -k case_51_sampling",
    ),
    Mutant(
        "top-p off by one: the crossing token dropped",
        "choose.py",
        "falling.cumsum(-1) - falling >= p",
        "falling.cumsum(-1) > p",
        "tests/test_generation.py -k case_52_top_p",
    ),
    Mutant(
        "top-k keeps one more",
        "choose.py",
        "logits.topk(k)",
        "logits.topk(k + 1)",
        "tests/test_generation.py -k case_51_sampling",
    ),
    Mutant(
        "beams not moved with their caches",
        "generation.py",
        "cache.select(rows)",
        "pass",
        "tests/test_generation.py -k case_36_beams_with",
    ),
    Mutant(
        "chances of beams not summed",
        "generation.py",
        "scores.view(-1, 1) + chances",
        "0 * scores.view(-1, 1) + chances",
        "tests/test_generation.py -k case_36_beams_with",
    ),
    Mutant(
        "all beams begin alike",
        "generation.py",
        "scores = torch.full((len(ids), width), -math.inf, device=ids.device)",
        "scores = torch.zeros(len(ids), width)",
        "tests/test_generation.py -k case_36_beams_with",
    ),
]
