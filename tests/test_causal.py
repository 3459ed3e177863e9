"""Causality as a fact equals the mask of the same meaning, and holds no T x T."""

from itertools import product

import pytest
import torch
import torch.nn.functional as F
from torch.utils._python_dispatch import TorchDispatchMode

from attention_book import (
    BERT,
    GPT,
    KVCache,
    Transformer,
    attention,
    attention_weights,
    causal_mask,
    checks,
    kernel,
    padding_mask,
)
from attention_book.counting import largest_bytes
from tests.models.drawn import random_ids, small

LEADS = {2: (), 3: (2,), 4: (2, 3), 5: (2, 1, 3)}
AXES = pytest.mark.parametrize("axes", LEADS)
SIZES = [(n_queries, n_keys) for n_keys in range(1, 7) for n_queries in range(1, n_keys + 1)]


def explicit(q, k, v, mask=None, *, causal=False):
    return attention_weights(q, k, mask, causal=causal) @ v


BOTH = pytest.mark.parametrize("attend", [attention, explicit])


def normal(*shape, seed=0):
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def inputs(axes, n_queries, n_keys):
    lengths = (n_queries, n_keys, n_keys)
    return [normal(*LEADS[axes], n, 2, seed=i) for i, n in enumerate(lengths)]


def masks(axes, n_queries, n_keys):
    """No mask, one of two axes, and one of every shape that broadcasts; many have empty rows."""
    full = (*LEADS[axes], n_queries, n_keys)
    shapes = {(n_queries, n_keys), *product(*((1, size) for size in full))}
    return [None, *(normal(*shape) < 0.3 for shape in sorted(shapes))]


def value_and_gradients(attend, tensors, mask, **causal):
    leaves = [x.clone().requires_grad_() for x in tensors]
    output = attend(*leaves, mask, **causal)
    return output, *torch.autograd.grad(output.square().sum(), leaves)


def watch_the_kernel(monkeypatch):
    """The number of masked pairs in each call of the kernel from now on."""
    right, sizes = F.scaled_dot_product_attention, []

    def watched(q, k, v, attn_mask=None, is_causal=False):
        sizes.append(0 if attn_mask is None else attn_mask.shape[-2:].numel())
        return right(q, k, v, attn_mask=attn_mask, is_causal=is_causal)

    monkeypatch.setattr(F, "scaled_dot_product_attention", watched)
    return sizes


@BOTH
@AXES
@pytest.mark.parametrize("limit", [2**22, 1])
def test_case_11_it_equals_the_causal_mask_with_and_without_another(
    monkeypatch, attend, axes, limit
):
    monkeypatch.setattr(kernel, "MOST_MASKED", limit)
    for sizes in SIZES if limit > 1 else [(3, 3), (3, 5), (1, 4)]:
        tensors, causal = inputs(axes, *sizes), causal_mask(*sizes)
        for mask in masks(axes, *sizes):
            both = causal if mask is None else causal & mask
            wanted = value_and_gradients(explicit, tensors, both)
            for got, want in zip(
                value_and_gradients(attend, tensors, mask, causal=True), wanted, strict=True
            ):
                checks.same(got, want)


@AXES
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(
    "limit, calls", [(48, 1), (47, 2), (36, 2), (24, 2), (23, 4), (12, 4), (11, 4), (1, 4)]
)
def test_case_57_long_masks_go_to_the_kernel_in_slices(
    monkeypatch, axes, masked, causal, limit, calls
):
    """Four queries, twelve keys: at the limit, above it, and where one row alone is above it."""
    if not masked and not causal:
        calls = 1
    tensors, mask = inputs(axes, 4, 12), normal(4, 12) < 0.5 if masked else None
    wanted = value_and_gradients(explicit, tensors, mask, causal=causal)
    monkeypatch.setattr(kernel, "MOST_MASKED", limit)
    sizes = watch_the_kernel(monkeypatch)
    got = value_and_gradients(attention, tensors, mask, causal=causal)
    assert len(sizes) == calls
    assert max(sizes) <= max(limit, 12)
    for a, b in zip(got, wanted, strict=True):
        checks.same(a, b)


def test_case_57_a_padding_mask_is_small_and_needs_no_slices(monkeypatch):
    monkeypatch.setattr(kernel, "MOST_MASKED", 1)
    sizes = watch_the_kernel(monkeypatch)
    attention(*inputs(4, 4, 12), padding_mask(torch.tensor([12, 3]), 12))
    assert sizes == [12]


def test_a_square_needs_no_mask_and_one_query_nothing_at_all(monkeypatch):
    sizes = watch_the_kernel(monkeypatch)
    for n_queries in (12, 1):
        attention(*inputs(4, n_queries, 12), causal=True)
    assert sizes == [0, 0]


@AXES
@pytest.mark.parametrize("causal", [False, True])
def test_case_56_inputs_of_any_axes_equal_four_and_hold_no_map(axes, causal):
    n = 128
    tensors = inputs(axes, n, n)
    four = [x.reshape(-1, 1, n, 2) for x in tensors]
    output = attention(*tensors, causal=causal)
    checks.same(output.reshape(-1, 1, n, 2), attention(*four, causal=causal), 0)
    assert largest_bytes(attention, *tensors, causal=causal) < n * n
    assert largest_bytes(explicit, *tensors, causal=causal) >= 8 * n * n


class LargestMask(TorchDispatchMode):
    """The most bools that any operation makes while open."""

    size = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        made = function(*args, **(kwargs or {}))
        if isinstance(made, torch.Tensor) and made.dtype == torch.bool:
            self.size = max(self.size, made.numel())
        return made


IDS, PADDED = random_ids(2, 20), padding_mask(torch.tensor([20, 9]), 20)
MODELS = {
    "GPT": lambda: GPT(small())(IDS),
    "GPT with caches": lambda: GPT(small())(IDS, caches=[KVCache(20) for _ in range(3)]),
    "BERT": lambda: BERT(small(norm_first=False))(IDS, mask=PADDED),
    "Transformer": lambda: Transformer(small())(IDS, IDS, source_mask=PADDED),
}


@pytest.mark.parametrize("run", MODELS.values(), ids=MODELS)
def test_models_make_no_mask_of_all_pairs(run):
    with LargestMask() as largest:
        run()
    assert largest.size < 20 * 20


def test_a_mask_of_all_pairs_would_be_seen():
    with LargestMask() as largest:
        causal_mask(20)
    assert largest.size == 20 * 20


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call", [attention, lambda q, k, _, **named: attention_weights(q, k, **named)]
)
def test_case_12_more_queries_than_keys_and_other_words_for_causal(refused, call):
    tensors = inputs(4, 5, 3)
    with refused(ValueError, "attention", "the last of the keys", "5 queries and 3 keys"):
        call(*tensors, causal=True)
    for wrong in (1, None, "yes", causal_mask(3)):
        with refused(TypeError, "attention", "causal must be True or False"):
            call(*tensors, causal=wrong)
