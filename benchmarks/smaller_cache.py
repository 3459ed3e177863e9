"""What models of equal size find when a token leaves them fewer numbers, by seed.

`python -m benchmarks.smaller_cache` trains all of them, which takes some minutes, and writes
smaller_cache.json. Chapter 16 trains a part of them, and shows the file.
"""

import json
from pathlib import Path

import torch
from torch import nn

from attention_book import FeedForward, LatentAttention, MultiHeadAttention, fit
from attention_book.tasks import records

FILE = Path(__file__).with_suffix(".json")
SEEDS, PARAMETERS, WIDTH = (0, 1, 2), 20_000, 32


def wide():
    """As many numbers as a latent of 16, but they are one key and one value for all heads."""
    return MultiHeadAttention(WIDTH, 8, n_kv_heads=1, d_k=8, d_v=8)


KEEPS = {  # what is kept of a token, and how many numbers it is
    "8 key and value heads": (64, lambda: MultiHeadAttention(WIDTH, 8)),
    "2 key and value heads": (16, lambda: MultiHeadAttention(WIDTH, 8, n_kv_heads=2)),
    "1 key and value head": (8, lambda: MultiHeadAttention(WIDTH, 8, n_kv_heads=1)),
    "1 key and value head, 8 wide": (16, wide),
    "1 head in all": (8, lambda: MultiHeadAttention(WIDTH, 1, d_k=4, d_v=4)),
    "a latent of 16": (16, lambda: LatentAttention(WIDTH, 8, 16)),
    "a latent of 8": (8, lambda: LatentAttention(WIDTH, 8, 8)),
}
SETUPS = [(4, 400, 0.01), (4, 1600, 0.01), (2, 400, 0.01), (4, 1600, 0.003)]  # traits, steps, rate


class Reader(nn.Module):
    """One attention, and a feed-forward network that takes all parameters that are left."""

    def __init__(self, attention, n_ids):
        super().__init__()
        self.embed = nn.Embedding(n_ids, WIDTH)
        nn.init.normal_(self.embed.weight, std=0.5)
        self.attention, self.logits = attention, nn.Linear(WIDTH, n_ids)
        left = PARAMETERS - sum(p.numel() for p in self.parameters()) - WIDTH
        self.feed_forward = FeedForward(WIDTH, left // (2 * WIDTH + 1))

    def forward(self, ids):
        """Logits at each place: the sum of a place's vectors, what it looks for, and a thought."""
        x = self.embed(ids).sum(dim=2)
        x = x + self.attention(x, causal=True)
        return self.logits(x + self.feed_forward(x))


def share(make, task, steps, rate, seed):
    """Of 1,000 held-out texts, the share of questions that are answered right."""
    torch.manual_seed(seed)
    model = Reader(make(), len(task.tokens.ids))
    history = fit(model, task, steps, batch_size=32, lr=rate, warmup=30, every=steps, seed=seed)
    return round(history.scores[steps], 4)


def without_norm():
    """The control: is it the latent, or the norm that comes with it?"""
    layer = LatentAttention(WIDTH, 8, 16)
    layer.norm = nn.Identity()
    return layer


def with_norm(layer):
    """The other way round: what a token keeps is normalized, as a latent is."""
    for name in ("k_proj", "v_proj"):
        proj = getattr(layer, name)
        setattr(layer, name, nn.Sequential(proj, nn.RMSNorm(proj.out_features)))
    return layer


CONTROLS = {
    "a latent of 16, not normalized": (16, without_norm),
    "2 key and value heads, normalized": (
        16,
        lambda: with_norm(MultiHeadAttention(WIDTH, 8, n_kv_heads=2)),
    ),
    "1 key and value head, 8 wide, normalized": (16, lambda: with_norm(wide())),
}


def line(traits, steps, rate, keeps=KEEPS):
    task = records.search(n_traits=traits)
    shares = {
        name: [share(make, task, steps, rate, seed) for seed in SEEDS]
        for name, (_, make) in keeps.items()
    }
    return {"traits": traits, "steps": steps, "rate": rate, "right": shares}


def main():
    torch.set_num_threads(1)
    lines = []
    for setup in SETUPS:
        lines.append(json.dumps(line(*setup)))
        print(lines[-1], flush=True)
    lines.append(json.dumps(line(4, 1600, 0.01, CONTROLS)))
    text = ",\n".join(lines)
    FILE.write_text(f"[\n{text}\n]\n", "utf-8")


if __name__ == "__main__":
    main()
