"""RMSNorm, norms of queries and keys, and norms of what is added."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from attention_book import GPT, Block, LayerNorm, MultiHeadAttention, RMSNorm, checks, record
from tests.models.drawn import random_ids, randomized, small


def normal(*shape, seed=0):
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("width", [1, 2, 7, 64])
@pytest.mark.parametrize("eps", [1e-5, 1e-12, 0.1])
def test_equals_torch_and_the_formula(width, eps):
    ours, x = randomized(RMSNorm(width, eps=eps)), normal(3, 4, width) * 5 + 2
    peer = nn.RMSNorm(width, eps=eps).double()
    peer.load_state_dict(ours.state_dict())
    checks.same(ours(x), peer(x))
    checks.same(ours(x), x / (x.square().mean(-1, keepdim=True) + eps).sqrt() * ours.weight)


def test_equals_layer_norm_for_vectors_of_mean_0():
    x = normal(5, 8)
    rms, layer = RMSNorm(8).double(), LayerNorm(8).double()
    checks.same(rms(x - x.mean(-1, keepdim=True)), layer(x))
    assert (rms(x) - layer(x)).abs().max() > 0.01


@given(scale=st.floats(1e-3, 1e3))
def test_the_size_of_a_vector_does_not_matter(scale):
    norm, x = RMSNorm(8, eps=1e-12).double(), normal(3, 8)
    checks.same(norm(x * scale), norm(x), 1e-5)
    checks.same(norm(x * scale).square().mean(-1), torch.ones(3), 1e-5)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_squared_in_float32(dtype):
    x = torch.full((1, 4), 300.0, dtype=dtype)  # its square is no float16
    assert torch.equal(RMSNorm(4).to(dtype)(x), torch.ones(1, 4, dtype=dtype))


def test_zeros_stay_zeros():
    assert RMSNorm(4)(torch.zeros(2, 4)).eq(0).all()


def test_qk_norm_bounds_the_scores():
    config = small(qk_norm=True, positions="rotary")
    model = randomized(GPT(config), std=3.0)
    attention = model.blocks[0].attention
    for norm in (attention.q_norm, attention.k_norm):
        assert norm.weight.shape == (6,)
        nn.init.ones_(norm.weight)
    x, limit = normal(2, 9, 24) * 100, math.sqrt(6)
    q = attention.q_norm(attention.q_proj(x).view(2, 9, 4, 6).transpose(1, 2))
    k, _ = attention._project(x)
    q, k = attention.rotary(q, k)
    assert (q @ k.mT / limit).abs().max() <= limit + 1e-12


def test_qk_norm_is_applied_to_each_head_before_it_is_turned():
    module = randomized(MultiHeadAttention(24, 4))
    plain, x = module(normal(2, 5, 24)), normal(2, 5, 24)
    module.q_norm, module.k_norm = RMSNorm(6).double(), RMSNorm(6).double()
    assert not torch.equal(module(x), plain)
    q, k = (p(x).view(2, 5, 4, 6).transpose(1, 2) for p in (module.q_proj, module.k_proj))
    with record(module) as seen:
        module(x)
    q, k = (y / (y.square().mean(-1, keepdim=True) + 1e-5).sqrt() for y in (q, k))
    checks.same(seen["weights"][0], (q @ k.mT / 6**0.5).softmax(-1))
    memory = normal(2, 3, 24, seed=1)
    with record(module) as seen:
        module(x, memory=memory)
    k = module.k_norm(module.k_proj(memory).view(2, 3, 4, 6).transpose(1, 2))
    checks.same(seen["weights"][0], (q @ k.mT / 6**0.5).softmax(-1))


@pytest.mark.parametrize("norm", ["layer", "rms"])
def test_what_is_added_is_normalized(norm):
    block = randomized(Block(small(norm=norm, norm_added=True)))
    x, first, second = normal(2, 5, 24), block.attention_residual, block.feed_forward_residual
    middle = x + first.added_norm(block.attention(first.norm(x), causal=True))
    expected = middle + second.added_norm(block.feed_forward(second.norm(middle)))
    checks.same(block(x, causal=True), expected)


def test_a_config_says_which_norm_and_nothing_else_changes():
    model = GPT(small(norm="rms", bias=False))
    norms = [module for module in model.modules() if isinstance(module, RMSNorm)]
    assert len(norms) == 7
    assert not [name for name in model.state_dict() if name.endswith("bias")]
    checks.causal(randomized(model), random_ids(2, 8))


@pytest.mark.bad_input
def test_errors(refused):
    norm, wrong = RMSNorm(8), torch.zeros(3, 7)
    with refused(ValueError, "RMSNorm: x must be (..., 8)", "(3, 7)"):
        norm(wrong)
    with refused(ValueError, "RMSNorm: d_model must be at least 1"):
        RMSNorm(0)
    with refused(ValueError, "RMSNorm: eps must be positive"):
        RMSNorm(8, eps=0.0)
    with refused(ValueError, "Config: norm must be one of layer, rms"):
        small(norm="batch")
    with refused(TypeError, "Config: qk_norm must be True or False"):
        small(qk_norm=1)
