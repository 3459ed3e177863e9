"""Rotary positions: only the distance counts, in both layouts, with and without a cache."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from attention_book import (
    GPT,
    Block,
    KVCache,
    MultiHeadAttention,
    Rotary,
    checks,
    generate,
    halves_from_pairs,
    padding_mask,
    rotate,
)
from tests.models.drawn import random_ids, randomized, small


def normal(*shape, seed=0):
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def in_pairs(x, places, theta):
    """The paper's layout: neighbors are a complex number that is turned."""
    speeds = theta ** (-np.arange(0, x.shape[-1], 2) / x.shape[-1])
    turned = x.numpy().view(complex) * np.exp(1j * np.asarray(places)[:, None] * speeds)
    return torch.from_numpy(turned.view(float))


@pytest.mark.parametrize("theta", [10_000.0, 1e6, 2.0])
@pytest.mark.parametrize("width", [2, 6, 64])
def test_equals_complex_numbers_in_the_papers_layout(width, theta):
    x, order = normal(2, 3, 5, width), halves_from_pairs(width)
    ours = rotate(x[..., order], torch.arange(5) + 7, theta=theta)
    checks.same(ours, in_pairs(x, np.arange(5) + 7, theta)[..., order])


def test_equals_hugging_face():
    llama = pytest.importorskip("transformers.models.llama.modeling_llama")
    q, k = normal(2, 4, 9, 8), normal(2, 2, 9, 8, seed=1)
    angles = torch.arange(9)[:, None] * 10_000.0 ** (-torch.arange(4, dtype=torch.float64) / 4)
    cos, sin = (torch.cat((x, x), -1)[None] for x in (angles.cos(), angles.sin()))
    theirs = llama.apply_rotary_pos_emb(q, k, cos, sin)
    for ours, x in zip(Rotary()(q, k), theirs, strict=True):
        checks.same(ours, x)


@given(shift=st.integers(-5000, 5000), width=st.integers(1, 20).map(lambda n: 2 * n))
def test_scores_see_the_distance_only(shift, width):
    q, k, places = normal(6, width), normal(6, width, seed=1), torch.arange(6)
    moved = rotate(q, places + shift) @ rotate(k, places + shift).T
    checks.same(moved, rotate(q, places) @ rotate(k, places).T, 1e-9)


def test_lengths_stay_and_place_0_turns_nothing():
    x = normal(4, 9, 6)
    turned = rotate(x, torch.arange(9))
    checks.same(turned.norm(dim=-1), x.norm(dim=-1))
    assert torch.equal(turned[:, 0], x[:, 0])
    assert not torch.equal(turned[:, 1], x[:, 1])


def test_places_between_whole_numbers():
    x = normal(3, 4)
    halves = rotate(rotate(x, torch.full((3,), 0.5)), torch.full((3,), 0.5))
    checks.same(halves, rotate(x, torch.ones(3)))
    q, k = Rotary(scale=0.25)(x[None, None], x[None, None], past=8)
    checks.same(q[0, 0], rotate(x, torch.tensor([2.0, 2.25, 2.5])))
    checks.same(k, q)


def test_the_order_is_a_permutation():
    assert halves_from_pairs(6).tolist() == [0, 2, 4, 1, 3, 5]
    assert sorted(halves_from_pairs(64).tolist()) == list(range(64))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_far_places_are_exact_before_they_are_rounded(dtype):
    x = torch.tensor([[1.0, 0.0]], dtype=dtype)
    far = 100_000
    expected = torch.tensor([[np.cos(far), np.sin(far)]]).to(dtype)
    assert torch.equal(rotate(x, torch.tensor([far])), expected)


def test_the_two_stay_as_they_are_where_nothing_is_to_turn():
    assert rotate(normal(2, 0, 4), torch.arange(0)).shape == (2, 0, 4)


def attention():
    module = randomized(MultiHeadAttention(12, 3))
    module.rotary = Rotary()
    return module


def test_an_attention_turns_queries_and_keys_and_no_values():
    module, x = attention(), normal(2, 5, 12)
    q, k, v = (
        p(x).view(2, 5, 3, 4).transpose(1, 2) for p in (module.q_proj, module.k_proj, module.v_proj)
    )
    weights = (rotate(q, torch.arange(5)) @ rotate(k, torch.arange(5)).mT / 2).softmax(-1)
    checks.same(module(x), module.o_proj((weights @ v).transpose(1, 2).flatten(2)))


def test_a_memory_is_not_turned():
    module, x, memory = attention(), normal(2, 5, 12), normal(2, 7, 12, seed=1)
    turned = module(x, memory=memory)
    module.rotary = None
    assert torch.equal(turned, module(x, memory=memory))


@pytest.mark.parametrize("sizes", [[9], [1] * 9, [4, 1, 3, 1]])
def test_cache_and_full_agree(sizes):
    model, ids = (
        randomized(GPT(small(positions="rotary", rope_theta=(100.0, 10.0, 1e4)))),
        random_ids(2, 9),
    )
    caches = [KVCache(9) for _ in model.blocks]
    pieces = [model(piece, caches=caches) for piece in ids.split(sizes, dim=1)]
    checks.same(torch.cat(pieces, dim=1), model(ids))


def test_a_failed_step_does_not_move_the_places():
    model, ids = randomized(GPT(small(positions="rotary"))), random_ids(1, 6)
    caches = [KVCache(6) for _ in model.blocks]
    model(ids[:, :3], caches=caches)
    with pytest.raises(IndexError):
        model(ids[:, 3:] + 37, caches=caches)
    checks.same(model(ids[:, 3:], caches=caches), model(ids)[:, 3:])


def test_padding_on_either_side_moves_no_distance():
    model, ids = randomized(GPT(small(positions="rotary"))), random_ids(1, 4)
    mask = padding_mask(torch.tensor([4]), 7)
    left = torch.cat((torch.zeros(1, 3, dtype=torch.int64), ids), 1)
    checks.same(model(left, mask=mask.flip(-1))[:, 3:], model(ids))
    prompts = [ids[0], random_ids(7, seed=1)]
    together = torch.stack(list(generate(model, prompts, 5)))
    alone = [torch.stack(list(generate(model, prompt[None], 5))) for prompt in prompts]
    assert torch.equal(together, torch.cat(alone, dim=1))


def test_nothing_is_added_to_the_tokens_and_nothing_is_saved():
    model = randomized(GPT(small(positions="rotary")))
    assert model.embeddings.positions is None
    assert not [name for name in model.state_dict() if "position" in name or "rotary" in name]
    ids = random_ids(1, 5)
    checks.same(model.embeddings(ids), model.embeddings.tokens(ids))
    checks.causal(model, ids)


def test_each_block_has_its_own_speed():
    model = GPT(small(positions="rotary", rope_theta=(100.0, 10.0, 1e4)))
    assert [block.attention.rotary.theta for block in model.blocks] == [100, 10, 10_000]
    assert "theta=100," in repr(model.blocks[0].attention)
    assert Block(small()).attention.rotary is None


@pytest.mark.bad_input
def test_errors(refused):
    x, places, wrong = normal(3, 5), torch.arange(3), torch.tensor([True] * 3)
    even, two = x[:, :4], torch.arange(2)
    with refused(ValueError, "rotate: the width of x must be even", "5"):
        rotate(x, places)
    with refused(ValueError, "rotate: places must be (3,)"):
        rotate(even, two)
    with refused(TypeError, "rotate: places must hold numbers", "bool"):
        rotate(even, wrong)
    with refused(ValueError, "rotate: theta must be positive"):
        rotate(even, places, theta=0)
    with refused(ValueError, "Rotary: scale must be positive"):
        Rotary(scale=-1)
    with refused(ValueError, "halves_from_pairs: d_head must be even", "3"):
        halves_from_pairs(3)
    with refused(ValueError, "Config: d_head must be even", "3"):
        small(positions="rotary", n_heads=8)
    with refused(ValueError, "Config: rope_theta must have one value for each of 3 blocks", "2"):
        small(rope_theta=(1.0, 2.0))
    with refused(ValueError, "Config: rope_theta[1] must be positive"):
        small(rope_theta=(1.0, 0.0, 2.0))
    with refused(ValueError, "Block: layer must be at most 2", "3"):
        Block(small(), layer=3)
