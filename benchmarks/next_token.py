"""Milliseconds for the next token of a model as large as GPT-2 small, with a cache and without.

`python -m benchmarks.next_token` measures one thread of the processor and, where there is one, the
GPU in bfloat16, for one text and for 64 at once. Chapter 9 shows the numbers of next_token.json.
"""

import json
from pathlib import Path
from statistics import median

import torch

from attention_book import GPT, KVCache

from .machine import machine
from .sizes import GPT2, config, ids_for
from .timing import in_pairs, wall_seconds

LENGTHS = [64, 128, 256, 512, 1024]
DATA = Path(__file__).with_name("next_token.json")


@torch.inference_mode()
def measure(model, ids, **settings):
    """The last of the ids, with a cache of those before it and without: both medians."""
    caches = [KVCache(ids.shape[1]) for _ in model.blocks]
    model.hidden(ids[:, :-1], caches=caches)

    def cached():
        for cache in caches:
            cache.length = ids.shape[1] - 1
        return _done(model.logits(model.hidden(ids[:, -1:], caches=caches)))

    def uncached():
        return _done(model.logits(model.hidden(ids)[:, -1:]))

    logits = cached()
    tolerance = 1e-3 if logits.dtype == torch.float32 else 0.2
    torch.testing.assert_close(logits, uncached(), atol=tolerance, rtol=tolerance)
    pairs = in_pairs(cached, uncached, clock=wall_seconds, **settings)
    return [round(1000 * median(times), 2) for times in zip(*pairs, strict=True)]


def measured(name, model, texts=1, **settings):
    """One line of the data: the machine, the lengths, and milliseconds for each of them."""
    device = model.embeddings.tokens.weight.device
    times = [measure(model, ids_for(GPT2, texts, n).to(device), **settings) for n in LENGTHS]
    cached, uncached = zip(*times, strict=True)
    what = {"machine": name, "texts": texts, "tokens": LENGTHS}
    return {**what, "cached ms": cached, "uncached ms": uncached}


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    model = GPT(config(GPT2)).eval()
    lines = [measured(machine(), model, least=2.0, count=7)]
    if torch.cuda.is_available():
        name = f"{torch.cuda.get_device_name()}, bfloat16, PyTorch {torch.__version__}"
        model.to("cuda", torch.bfloat16)
        lines += [measured(name, model, texts, least=1.0, count=50) for texts in (1, 64)]
    text = ",\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    DATA.write_text(f"[\n{text}\n]\n", "utf-8")


def _done(logits):
    if logits.is_cuda:
        torch.cuda.synchronize()
    return logits


if __name__ == "__main__":
    main()
