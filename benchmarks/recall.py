"""What is recalled of pairs, by one head with each rule and by two layers of two kinds, by seed.

`python -m benchmarks.recall` trains all of them, which takes ten minutes, and writes recall.json.
"""

import json
from pathlib import Path

import numpy as np
import torch

from attention_book import fit
from attention_book.fixed_memory.recall import RULES, Layers, Recall
from attention_book.tasks import accuracy, overwriting

FILE = Path(__file__).with_suffix(".json")
SEEDS, PAIRS = (0, 1, 2), (8, 16, 32, 64)
HEADS = [(300, 0.01), (300, 0.003), (1200, 0.01)]  # steps and rates
STACKS = [(600, 0.003), (600, 0.001)]
KINDS = "softmax", "delta rule"


def recalled(model):
    """The share right for each number of pairs, said once and, up to 32, twice."""
    return {
        name: [share(model, pairs, twice) for pairs in PAIRS[: 4 - twice]]
        for name, twice in (("once", False), ("twice", True))
    }


@torch.no_grad()
def share(model, pairs, twice):
    texts, answers = overwriting.draw(500, pairs, twice, 10**6 + pairs)
    return round(accuracy(model(*texts), answers), 4)


def trained(make, steps, rate, seed):
    torch.manual_seed(seed)
    model = make()
    fit(model, overwriting.batches(steps, seed), steps, lr=rate, warmup=30, seed=seed)
    return model.eval()


def measured(make, settings):
    """A line for each setting and seed: steps, rate, seed and what is recalled."""
    for steps, rate in settings:
        for seed in SEEDS:
            made = recalled(trained(make, steps, rate, seed))
            yield {"steps": steps, "rate": rate, "seed": seed, **made}


def main():
    torch.set_num_threads(1)
    lines = {name: list(measured(lambda r=rule: Recall(r), HEADS)) for name, rule in RULES.items()}
    for first, second in np.ndindex(2, 2):
        kinds = KINDS[first], KINDS[second]
        lines[", then ".join(kinds)] = list(measured(lambda k=kinds: Layers(k), STACKS))
    FILE.write_text(json.dumps(lines, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
