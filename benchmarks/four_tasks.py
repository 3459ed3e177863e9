"""One model for four language tasks, against four, against an encoder with a decoder, by seed.

`python -m benchmarks.four_tasks [names]` trains them, one after the other, and writes
four_tasks.json; all together they take about ten minutes of processor time. The first part asks
what the questions lack, alone: 500 steps of 32 texts. The second part trains 800 steps of 64 texts
of all tasks in equal parts, or 200 of one, which are as many texts of each.
"""

import json
import sys
from functools import partial
from pathlib import Path

import torch

from attention_book import GPT, Config, Transformer, fit
from attention_book.tasks import four
from attention_book.train.batches import answer

FILE = Path(__file__).with_suffix(".json")
SEEDS = (0, 1, 2)
SIZES = {"vocab_size": len(four.tokens), "max_len": 40, "n_heads": 4, "n_layers": 2}
QUESTIONS = {  # how the questions are put
    "at once, every pair": {"repeated": False, "every_pair": True},
    "repeated, every pair": {"every_pair": True},
    "at once": {"repeated": False},
    "repeated": {},
}
MODELS = ["one", "four", "two halves"]


def drawn(make, seed, **sizes):
    """A model whose first weights are drawn in double precision, which machines do alike."""
    torch.manual_seed(seed)
    torch.set_default_dtype(torch.float64)
    model = make(Config(**SIZES | sizes))
    torch.set_default_dtype(torch.float32)
    return model.float()


gpt = partial(drawn, GPT, d_model=64)
two_halves = partial(drawn, Transformer, d_model=44, d_ff=150)  # about as many parameters


@torch.no_grad()
def right(model, task):
    """The share of 500 held-out answers without a mistake."""
    inputs, targets = task.held_out(500, 1)
    return round(four.whole(answer(model, inputs).argmax(-1), targets), 3)


def trained(model, task, steps, size, seed):
    fit(model, task, steps, batch_size=size, lr=3e-3, warmup=50, seed=seed, every=steps)
    return model


def asked(name, seed):
    """What a model of questions alone gets right, of texts that it did not learn from."""
    task = four.questions(**QUESTIONS[name])
    return right(trained(gpt(seed), task, 500, 32, seed), task)


def learned(name, seed):
    """For each task the shares right, of new texts and of pairs of words that no text had."""
    if name == "four":
        models = {kind: trained(gpt(seed), four.task(kind), 200, 64, seed) for kind in four.KINDS}
    else:
        model = gpt(seed) if name == "one" else two_halves(seed)
        task = four.in_halves(four.task()) if name == "two halves" else four.task()
        models = dict.fromkeys(four.KINDS, trained(model, task, 800, 64, seed))
    halves = four.in_halves if name == "two halves" else lambda task: task
    return {
        kind: [right(model, halves(task)) for task in (four.task(kind), four.new_pairs(kind))]
        for kind, model in models.items()
    }


def main(names):
    torch.set_num_threads(1)
    lines = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    for name in names or [*QUESTIONS, *MODELS]:
        measure = asked if name in QUESTIONS else learned
        lines[name] = [measure(name, seed) for seed in SEEDS]
        FILE.write_text(json.dumps(lines, indent=1) + "\n", "utf-8")
        print(name, lines[name], flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
