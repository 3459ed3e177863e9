"""Time and memory of one more token after a text of T tokens, with a cache and without."""

from pathlib import Path
from statistics import median

import torch
from matplotlib.figure import Figure

from attention_book import GPT, Config, KVCache
from attention_book.counting import count_bytes, largest_bytes
from attention_book.figures import style

from .timing import in_pairs

LENGTHS = [2**i for i in range(6, 14)]
CONFIG = Config(vocab_size=512, max_len=LENGTHS[-1], d_model=128, n_heads=4, n_layers=4)
PICTURE = Path(__file__).with_name("lengths.png")


@torch.inference_mode()
def measure(length):
    """Seconds and bytes, cached and uncached: what the cache keeps, and the largest tensor."""
    model = GPT(CONFIG).eval()
    ids = torch.randint(CONFIG.vocab_size, (1, length))
    caches = [KVCache(length) for _ in range(CONFIG.n_layers)]
    model(ids[:, :-1], caches=caches)
    kept = count_bytes(*(tensor for cache in caches for tensor in (cache.k, cache.v)))

    def cached():
        for cache in caches:
            cache.length = length - 1
        model(ids[:, -1:], caches=caches)

    def uncached():
        model.logits(model.hidden(ids)[:, -1:])

    largest = largest_bytes(uncached)
    pairs = in_pairs(cached, uncached, least=0.5, count=3)
    return *map(median, zip(*pairs, strict=True)), kept, largest


def draw():
    """Measure all lengths, write the picture, and say what its right end shows."""
    step, whole, kept, largest = zip(*map(measure, LENGTHS), strict=True)
    figure = Figure(figsize=(8, 3.2), layout="constrained")
    time, memory = figure.subplots(1, 2)
    milliseconds = [[1000 * t for t in times] for times in (step, whole)]
    _curves(time, "milliseconds for the next token", milliseconds, ("cached", "uncached"))
    names = ("what the cache keeps", "largest tensor, uncached")
    megabytes = [[size / 2**20 for size in sizes] for sizes in (kept, largest)]
    _curves(memory, "MiB", megabytes, names)
    figure.savefig(PICTURE, dpi=144, metadata={"Software": None})
    return (
        f"After {LENGTHS[-1]:,} tokens the next one takes {1000 * step[-1]:.1f} ms with a cache "
        f"and {1000 * whole[-1]:,.0f} ms without."
    )


def _curves(axes, unit, curves, names):
    looks = [(style.VALUE, "o-"), (style.KEY, "s--")]
    for curve, name, (color, look) in zip(curves, names, looks, strict=True):
        axes.loglog(LENGTHS, curve, look, color=color, label=name, markersize=4)
    axes.set_xlabel("tokens before it")
    axes.set_ylabel(unit)
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)


if __name__ == "__main__":
    print(draw())
