"""What one head recalls of pairs, with each rule, and two layers of them, at two rates and by seed.

`python -m benchmarks.recall` trains them, one to a processor at a time, and writes recall.json.
All together they take eight minutes of processor time.
"""

import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from attention_book import attention, fit
from attention_book.fixed_memory import delta_chunked
from attention_book.fixed_memory.recall import HEAD, RULES, WIDTH, Recall
from attention_book.tasks import accuracy, overwriting
from attention_book.tasks.overwriting import KEYS, VALUES

FILE = Path(__file__).with_suffix(".json")
SEEDS, PAIRS = (0, 1, 2), (8, 16, 32, 64)
SETTINGS = [(300, 0.01), (300, 0.003), (1200, 0.01)]  # steps and rates
LAYERS = [(a, b) for a in ("delta rule", "softmax") for b in ("delta rule", "softmax")]


class Layer(nn.Module):
    """One causal head without positions, by softmax or the delta rule, and a feed-forward network.

    Both kinds have the same parameters, though softmax does not use the gate.
    """

    def __init__(self, kind):
        super().__init__()
        self.kind, self.norm, self.gate = kind, nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 1)
        self.q_proj, self.k_proj, self.v_proj = (nn.Linear(WIDTH, HEAD, False) for _ in range(3))
        self.o_proj = nn.Linear(HEAD, WIDTH, False)
        wide, back = nn.Linear(WIDTH, 2 * WIDTH), nn.Linear(2 * WIDTH, WIDTH)
        self.feed_forward = nn.Sequential(nn.LayerNorm(WIDTH), wide, nn.GELU(), back)
        nn.init.constant_(self.gate.bias, 2.0)

    def forward(self, x):
        given = self.norm(x)
        x = x + self.o_proj(self.mixed(given))
        return x + self.feed_forward(x)

    def mixed(self, x):
        q, k, v = self.q_proj(x), self.k_proj(x), self.v_proj(x)
        if self.kind == "softmax":
            return attention(q, k, v, causal=True)
        q, k = F.normalize(q, dim=-1), F.normalize(k, dim=-1)
        return delta_chunked(q, k, v, self.gate(x).sigmoid()[..., 0], size=128)[0]


class Layered(nn.Module):
    """The pairs, then the questions, which have a value of their own that says so, as one text."""

    def __init__(self, kinds):
        super().__init__()
        self.keys, self.values = nn.Embedding(KEYS, WIDTH), nn.Embedding(VALUES + 1, WIDTH)
        self.layers = nn.Sequential(*map(Layer, kinds))
        self.answer = nn.Sequential(nn.LayerNorm(WIDTH), nn.Linear(WIDTH, VALUES))

    def forward(self, keys, values, asked):
        values = torch.cat([values, torch.full_like(asked, VALUES)], 1)
        text = self.keys(torch.cat([keys, asked], 1)) + self.values(values)
        return self.answer(self.layers(text)[:, -asked.shape[1] :])


NAMES = [*RULES, *map(", ".join, LAYERS)]


def named(name):
    return Recall(RULES[name]) if name in RULES else Layered(name.split(", "))


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
    model = trained(lambda: named(name), steps, rate, seed)
    return name, {"steps": steps, "rate": rate, "seed": seed, **recalled(model)}


def main():
    jobs = [
        (name, *setting, seed)
        for name in NAMES
        for setting in (SETTINGS if name in RULES else SETTINGS[:2])
        for seed in SEEDS
    ]
    lines = {name: [] for name in NAMES}
    with ProcessPoolExecutor(initializer=torch.set_num_threads, initargs=(1,)) as pool:
        for name, line in pool.map(measured, jobs):
            lines[name].append(line)
            FILE.write_text(json.dumps(lines, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
