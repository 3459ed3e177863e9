"""What one head recalls of pairs, with each rule, at two rates and by seed.

`python -m benchmarks.recall` trains them, one to a processor at a time, and writes recall.json.
All together they take four minutes of processor time.
"""

import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import torch

from attention_book import fit
from attention_book.fixed_memory.recall import RULES, Recall
from attention_book.tasks import accuracy, overwriting

FILE = Path(__file__).with_suffix(".json")
SEEDS, PAIRS = (0, 1, 2), (8, 16, 32, 64)
SETTINGS = [(300, 0.01), (300, 0.003), (1200, 0.01)]  # steps and rates


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


def measured(job):
    """What a model recalls, with its setting and its seed."""
    name, steps, rate, seed = job
    model = trained(lambda: Recall(RULES[name]), steps, rate, seed)
    return name, {"steps": steps, "rate": rate, "seed": seed, **recalled(model)}


def main():
    jobs = [(name, *setting, seed) for name in RULES for setting in SETTINGS for seed in SEEDS]
    lines = {name: [] for name in RULES}
    with ProcessPoolExecutor(initializer=torch.set_num_threads, initargs=(1,)) as pool:
        for name, line in pool.map(measured, jobs):
            lines[name].append(line)
            FILE.write_text(json.dumps(lines, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
