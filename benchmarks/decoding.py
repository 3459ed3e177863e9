"""Greedy decoding with a cache: beside Hugging Face, and beside what memory could deliver."""

import torch
import torch.nn.functional as F

from attention_book import generate
from attention_book.counting import count_bytes

from . import peers
from .sizes import GPT2, ids_for
from .table import Measured
from .timing import both, compare, fastest, in_pairs, wall_seconds

PROMPT = 16


@torch.inference_mode()
def against_hugging_face(sizes, n):
    ours, theirs = peers.pair(sizes)
    ids = ids_for(sizes, 1, PROMPT)
    return compare(continued(ours, ids, n), fastest(*continued_by_theirs(theirs, ids, n)))


def continued(ours, ids, n):
    return lambda: torch.stack(list(generate(ours, ids, n)), dim=1)


def continued_by_theirs(theirs, ids, n):
    """Their two ways: with a mask that hides nothing, or without one."""
    settings = {"do_sample": False, "use_cache": True, "max_new_tokens": n}
    ones = torch.ones_like(ids)

    def call():
        return theirs.generate(ids, **settings)[:, ids.shape[1] :]

    def call_with_mask():
        return theirs.generate(ids, attention_mask=ones, **settings)[:, ids.shape[1] :]

    return call, call_with_mask


def bandwidth():
    """The share of the speed at which reading every weight once for each token would run.

    A matrix-vector product with the model's largest matrix measures how fast weights are read.
    """
    ours, _ = peers.pair(GPT2)
    table = ours.embeddings.tokens.weight.detach()
    vector = torch.randn(1, table.shape[1])
    weights = [p for name, p in ours.named_parameters() if "positions" not in name]
    tables = count_bytes(*weights) / count_bytes(table)
    steps = generate(ours, ids_for(GPT2, 1, PROMPT), 1000)
    next(steps)
    product = torch.inference_mode()(lambda: F.linear(vector, table))
    pairs = in_pairs(lambda: next(steps), product, clock=wall_seconds)
    return Measured([tables * read / step for step, read in pairs], both(pairs))
