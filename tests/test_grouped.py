"""Heads that share keys and values: one key head for each is as before, fewer are repeated ones."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from attention_book import (
    GPT,
    KVCache,
    MultiHeadAttention,
    causal_mask,
    checks,
    generate,
    padding_mask,
    record,
)
from tests.models.drawn import random_ids, randomized, small


def normal(*shape, seed=0):
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def grouped(n_kv_heads, **options):
    torch.manual_seed(0)
    return randomized(MultiHeadAttention(24, 4, n_kv_heads=n_kv_heads, **options))


def with_repeated_heads(module):
    """As many heads of keys as of queries, where neighbors are equal."""
    d_k, size = module.q_proj.out_features // 4, 4 // module.n_kv_heads
    d_v = module.o_proj.in_features // 4
    whole = randomized(MultiHeadAttention(24, 4, d_k=d_k, d_v=d_v))
    state = module.state_dict()
    for name in ("k_proj", "v_proj"):
        for part in ("weight", "bias"):
            x = state[f"{name}.{part}"].unflatten(0, (module.n_kv_heads, -1))
            state[f"{name}.{part}"] = x.repeat_interleave(size, 0).flatten(0, 1)
    whole.load_state_dict(state)
    return whole


MASKS = {
    "none": {},
    "causal": {"causal": True},
    "two axes": {"mask": causal_mask(5)},
    "padding": {"mask": padding_mask(torch.tensor([5, 3]), 5), "causal": True},
    "of each head": {"mask": torch.rand(2, 4, 5, 5, generator=torch.Generator()) < 0.7},
    "nothing": {"mask": torch.zeros(5, 5, dtype=torch.bool)},
}


@pytest.mark.parametrize("n_kv_heads", [1, 2, 4])
@pytest.mark.parametrize("options", [{}, {"d_k": 3, "d_v": 5}], ids=["equal", "other widths"])
@pytest.mark.parametrize("view", MASKS)
def test_equals_repeated_heads(n_kv_heads, options, view):
    module, x = grouped(n_kv_heads, **options), normal(2, 5, 24)
    whole = with_repeated_heads(module)
    checks.same(module(x, **MASKS[view]), whole(x, **MASKS[view]))
    with record(module) as ours, record(whole) as theirs:
        checks.same(module(x, **MASKS[view]), whole(x, **MASKS[view]))
    (ours,), (theirs,) = ours["weights"], theirs["weights"]
    assert ours.shape == (2, 4, 5, 5)
    checks.same(ours, theirs)


@pytest.mark.parametrize("n_kv_heads", [1, 2])
@pytest.mark.parametrize(
    "mask", [None, torch.ones(1, 7, dtype=torch.bool).triu(3), MASKS["nothing"]["mask"][:1, :1]]
)
def test_a_single_query_equals_torchs_grouped_kernel(n_kv_heads, mask):
    module, x, memory = grouped(n_kv_heads), normal(3, 1, 24), normal(3, 7, 24, seed=1)
    mask = mask if mask is None or mask.shape[1] == 7 else mask.expand(1, 7)
    q = module.q_proj(x).view(3, 1, 4, 6).transpose(1, 2)
    k, v = (
        p(memory).view(3, 7, n_kv_heads, 6).transpose(1, 2) for p in (module.k_proj, module.v_proj)
    )
    heads = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, enable_gqa=True)
    checks.same(
        module(x, memory=memory, mask=mask), module.o_proj(heads.transpose(1, 2).flatten(2))
    )


@pytest.mark.parametrize("shape", [(3, 1, 1, 7), (3, 4, 1, 7)])
def test_a_single_query_under_a_mask_of_four_axes(shape):
    module, x, memory = grouped(2), normal(3, 1, 24), normal(3, 7, 24, seed=1)
    mask = torch.rand(shape, generator=torch.Generator().manual_seed(0)) < 0.5
    whole = with_repeated_heads(module)
    checks.same(module(x, memory=memory, mask=mask), whole(x, memory=memory, mask=mask))


@given(
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=4), n_kv_heads=st.sampled_from([1, 2, 4])
)
def test_cache_and_full_agree_and_the_cache_is_small(sizes, n_kv_heads):
    module, x = grouped(n_kv_heads), normal(2, sum(sizes), 24)
    cache = KVCache(sum(sizes))
    pieces = [module(piece, causal=True, cache=cache) for piece in x.split(sizes, dim=1)]
    checks.same(torch.cat(pieces, dim=1), module(x, causal=True))
    assert cache.k.shape == cache.v.shape == (2, n_kv_heads, sum(sizes), 6)


def test_gradients_are_those_of_the_formula():
    module, x, memory = grouped(2), normal(1, 1, 24).requires_grad_(), normal(1, 5, 24)
    fast = torch.autograd.grad(module(x, memory=memory).sum(), x)[0]
    with record(module):
        checks.same(fast, torch.autograd.grad(module(x, memory=memory).sum(), x)[0])


def test_dropout_falls_on_a_single_query_too():
    module, x = grouped(2, dropout=0.5).train(), normal(1, 1, 24)
    torch.manual_seed(0)
    assert len({module(x, memory=normal(1, 5, 24)).sum().item() for _ in range(5)}) > 1


@pytest.mark.parametrize("shape", [(0, 5, 24), (2, 1, 24)])
def test_no_rows_and_one_token(shape):
    assert grouped(2)(normal(*shape), causal=True).shape == shape


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision(dtype):
    module, x = grouped(2), normal(1, 5, 24)
    checks.same(module.to(dtype)(x.to(dtype)), grouped(2)(x), 0.1)


def test_a_gpt_of_grouped_heads_of_any_width_writes():
    config = small(n_kv_heads=2, d_head=10)
    model, ids = randomized(GPT(config)), random_ids(2, 5)
    assert model.blocks[0].attention.k_proj.weight.shape == (20, 24)
    steps = torch.stack(list(generate(model, ids, 4)), 1)
    full = model(torch.cat((ids, steps), 1)).argmax(-1)
    assert torch.equal(steps, full[:, 4:-1])


def test_what_is_not_given_follows_the_heads():
    from dataclasses import replace

    assert (small().n_kv_heads, small().d_head) == (4, 6)
    assert (replace(small(), n_heads=3).n_kv_heads, replace(small(), n_heads=3).d_head) == (3, 8)
    assert replace(small(n_kv_heads=2, d_head=5), d_model=30).d_head == 5


@pytest.mark.bad_input
def test_errors(refused):
    with refused(ValueError, "MultiHeadAttention: n_kv_heads must divide n_heads, 4", "3"):
        MultiHeadAttention(24, 4, n_kv_heads=3)
    with refused(ValueError, "Config: n_kv_heads must divide n_heads, 4", "8"):
        small(n_kv_heads=8)
    for wrong, error in ((0, ValueError), (2.0, TypeError), (True, TypeError)):
        for name in ("n_kv_heads", "d_head"):
            with refused(error, f"Config: {name} must be", str(wrong)):
                small(**{name: wrong})
