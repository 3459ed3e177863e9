"""Small models of PyTorch's own layers, to see that a task can be learned as its page says."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils._pytree import tree_leaves

from attention_book.tasks import IGNORED, accuracy


class Reader(nn.Module):
    """Embeddings, blocks, and scores at every place, or two rows of scores with answers=2."""

    def __init__(self, task, length, heads=1, layers=1, causal=False, answers=1, width=32):
        super().__init__()
        vocabulary = len(task.tokens)
        self.answers, self.causal = answers, causal
        self.embedding = nn.Embedding(vocabulary, width)
        self.position = nn.Embedding(length, width)
        for table in (self.embedding, self.position):
            nn.init.normal_(table.weight, std=0.3)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(
                width, heads, 4 * width, 0.0, "gelu", batch_first=True, norm_first=True
            )
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)
        self.scores = nn.Linear(width, answers * vocabulary)

    def forward(self, inputs):
        x = self.embedding(inputs)
        x = x if x.ndim == 3 else x.sum(-2)
        length = x.shape[1]
        x = x + self.position.weight[:length]
        hidden = torch.ones(length, length).triu(1).bool() if self.causal else None
        for block in self.blocks:
            x = block(x, src_mask=hidden)
        scores = self.scores(self.norm(x))
        return scores if self.answers == 1 else scores.unflatten(-1, (self.answers, -1))


class Translator(nn.Module):
    """Encoder and decoder of two layers each."""

    def __init__(self, task, source_length, target_length, width=32, heads=4):
        super().__init__()
        self.embedding = nn.Embedding(len(task.tokens), width)
        nn.init.normal_(self.embedding.weight, std=0.3)
        self.source_position = nn.Parameter(torch.randn(source_length, width) * 0.1)
        self.target_position = nn.Parameter(torch.randn(target_length, width) * 0.1)
        self.model = nn.Transformer(width, heads, 2, 2, 2 * width, 0.0, batch_first=True)
        self.scores = nn.Linear(width, len(task.tokens))

    def forward(self, inputs):
        source, target, *mask = tree_leaves(inputs)
        padding = ~mask[0][:, 0, 0] if mask else None
        hidden = torch.ones(target.shape[1], target.shape[1]).triu(1).bool()
        x = self.model(
            self.embedding(source) + self.source_position,
            self.embedding(target) + self.target_position,
            tgt_mask=hidden,
            src_key_padding_mask=padding,
            memory_key_padding_mask=padding,
        )
        return self.scores(x)


def learn(build, task, steps, size=64, rate=3e-3, seed=0):
    """Train, with a rate that warms up and falls to nothing, on what the task gives."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = build()
    optimizer = torch.optim.Adam(model.parameters(), rate, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, steps)
    for _, (inputs, targets) in zip(range(steps), task.batches(size, seed), strict=False):
        loss = F.cross_entropy(
            model(inputs).flatten(0, -2), targets.flatten(), ignore_index=IGNORED
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return model


@torch.no_grad()
def skill(model, task, n=1000):
    """The share of held-out answers that are right."""
    inputs, targets = task.held_out(n, 1)
    return accuracy(model(inputs), targets)


def promised(module, steps, size, percent=99):
    """The steps and size of a training run, if the module's page states them and the result."""
    page = " ".join(module.__doc__.split())
    for words in (f"{steps:,} steps of {size}", f"{percent} %"):
        assert words in page, f"{module.__name__} does not say {words!r}"
    return {"steps": steps, "size": size}
