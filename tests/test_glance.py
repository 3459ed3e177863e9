"""The quick look at arguments agrees with the careful one, which finds the words."""

from itertools import product

import pytest
import torch

from attention_book import KVCache
from attention_book.validate import caches, tensors

SHAPES = [(), (3,), (2, 3), (1, 2, 3), (2, 2, 3), (2, 2, 1, 3), (2, 2, 2, 3), (2, 1, 2, 3)]
KINDS = [torch.zeros(shape) for shape in [*SHAPES, (2, 2, 2, 4), (2, 2, 2, 0)]]
KINDS += [torch.zeros(2, 2, 2, 3, dtype=kind) for kind in (torch.float64, torch.int64)]
KINDS += [torch.zeros(2, 2, 2, 3, device="meta"), [[0.0]], None]


def passes(check, *arguments):
    try:
        check(*arguments)
    except (TypeError, ValueError):
        return False
    return True


@pytest.mark.bad_input
def test_what_attention_passes_at_a_glance_is_right(monkeypatch):
    triples = list(product(KINDS, repeat=3))
    seen = [tensors._usual(*triple) for triple in triples]
    monkeypatch.setattr(tensors, "_usual", lambda *_: False)
    right = [passes(tensors.attention, *triple, None) for triple in triples]
    assert 10 < sum(seen) <= sum(right)
    assert all(careful for careful, quick in zip(right, seen, strict=True) if quick)


@pytest.mark.bad_input
def test_what_a_cache_passes_at_a_glance_is_right():
    cache = KVCache(3)
    cache.append(torch.zeros(2, 2, 2, 3), torch.zeros(2, 2, 2, 3))
    pairs = list(product(KINDS, repeat=2))
    seen = [pair for pair in pairs if caches._usual(cache, *pair)]
    assert len(seen) == 1
    assert all(passes(caches._append, "append", cache, *pair) for pair in seen)
