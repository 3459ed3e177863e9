"""One model for four language tasks, against four, against an encoder with a decoder, by seed.

`python -m benchmarks.four_tasks [names]` trains them, one after the other, and writes
four_tasks.json; all together they take about ten minutes of processor time. The first part asks
what the questions lack, alone: 500 steps of 32 texts, and changes of the model or its training, one
at a time. The second part trains 800 steps of 64 texts of all tasks in equal parts, or 200 of one,
which are as many texts of each; its last two models, without positions and with even shares from
the start, are controls.
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
CHANGES = {  # of the model and of its training, with questions "repeated, every pair"
    "rotary positions": ({"positions": "rotary"}, {}),
    "QK-norm": ({"qk_norm": True}, {}),
    "a third of the rate": ({}, {"lr": 1e-3}),
}
PLACES = [5, 11, 17]  # where a story names its three places


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


@torch.no_grad()
def right_apart(model, task):
    """The same, of the stories whose three places differ: who looks at no thing gets a third."""
    inputs, targets = task.held_out(500, 1)
    apart = [len(set(places)) == 3 for places in inputs[:, PLACES].tolist()]
    return round(four.whole(model(inputs).argmax(-1)[apart], targets[apart]), 3)


def trained(model, task, steps, size, seed, lr=3e-3):
    fit(model, task, steps, batch_size=size, lr=lr, warmup=50, seed=seed, every=steps)
    return model


def asked(name, seed):
    """What a model of questions alone gets right; if it repeats the thing, also of some stories."""
    task = four.questions(**QUESTIONS.get(name, QUESTIONS["repeated, every pair"]))
    sizes, training = CHANGES.get(name, ({}, {}))
    training = {"steps": 500, "size": 32, "seed": seed} | training
    model = trained(gpt(seed, **sizes), task, **training)
    measures = [right] if name.startswith("at once") else [right, right_apart]
    return [measure(model, task) for measure in measures]


def even(model):
    """The model with queries that are zero and stay so: each takes even shares of what it sees."""
    for block in model.blocks:
        for parameter in block.attention.q_proj.parameters():
            torch.nn.init.zeros_(parameter).requires_grad_(False)
    return model


ONE = {  # one model for all tasks: how it is made
    "one": gpt,
    "two halves": two_halves,
    "no positions": partial(gpt, positions="none"),
    "even shares": lambda seed: even(gpt(seed)),
}
MODELS = [*ONE, "four"]


def learned(name, seed):
    """For each task the shares right, of new texts and of pairs that no text of the task had."""
    halves = four.in_halves if name == "two halves" else lambda task: task
    if name == "four":
        models = {kind: trained(gpt(seed), four.task(kind), 200, 64, seed) for kind in four.KINDS}
    else:
        one = trained(ONE[name](seed), halves(four.task()), 800, 64, seed)
        models = dict.fromkeys(four.KINDS, one)
    return {
        kind: [right(model, halves(task)) for task in (four.task(kind), four.new_pairs(kind))]
        for kind, model in models.items()
    }


def main(names):
    torch.set_num_threads(1)
    lines = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    for name in names or [*QUESTIONS, *CHANGES, *MODELS]:
        measure = learned if name in MODELS else asked
        lines[name] = [measure(name, seed) for seed in SEEDS]
        FILE.write_text(json.dumps(lines, indent=1) + "\n", "utf-8")
        print(name, lines[name], flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
