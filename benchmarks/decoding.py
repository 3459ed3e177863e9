"""Greedy decoding with a cache: beside Hugging Face, and beside what memory could deliver."""

import torch
import torch.nn.functional as F

from attention_book import generate
from attention_book.counting import count_bytes

from . import peers
from .timing import seconds, times_as_fast

PROMPT = 16


def large():
    return _against_hugging_face(peers.GPT2, n=16)


def small():
    return _against_hugging_face(peers.SMALL, n=64)


def bandwidth():
    """The share of the speed at which reading every weight once for each token would run.

    A matrix-vector product with the model's largest matrix measures how fast weights are read.
    """
    ours, _ = peers.pair(peers.GPT2)
    table = ours.embeddings.tokens.weight.detach()
    vector = torch.randn(1, table.shape[1])
    weights = [p for name, p in ours.named_parameters() if "positions" not in name]
    steps = generate(ours, peers.ids_for(peers.GPT2, 1, PROMPT), 1000)
    step, product = seconds(lambda: next(steps), lambda: F.linear(vector, table), least=5)
    return product * count_bytes(*weights) / count_bytes(table) / step


def _against_hugging_face(sizes, n):
    ours, theirs = peers.pair(sizes)
    ids = peers.ids_for(sizes, 1, PROMPT)
    settings = {"do_sample": False, "pad_token_id": 0, "use_cache": True}

    def run_theirs():
        return theirs.generate(
            ids, attention_mask=torch.ones_like(ids), min_new_tokens=n, max_new_tokens=n, **settings
        )

    def run_ours():
        return torch.stack(list(generate(ours, ids, n)), dim=1)

    assert torch.equal(run_ours(), run_theirs()[:, PROMPT:])
    return times_as_fast(run_ours, run_theirs, least=5, rounds=4)
