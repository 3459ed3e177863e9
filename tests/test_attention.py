import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from attention_book import attention, attention_weights, causal_mask, checks, reference

TOLERANCE = {torch.float32: 2e-6, torch.float16: 4e-3, torch.bfloat16: 3e-2}


def explicit(q, k, v, mask=None, *, causal=False):
    return attention_weights(q, k, mask, causal=causal) @ v


def normal(rng, *shape, dtype=torch.float64):
    return torch.from_numpy(rng.normal(size=shape)).to(dtype)


BOTH = pytest.mark.parametrize("attend", [attention, explicit])


@BOTH
def test_a_query_and_two_keys_by_hand(attend):
    q = torch.tensor([[2.0, 0.0]])
    k = torch.tensor([[math.log(3) / math.sqrt(2), 9.0], [0.0, 7.0]])
    assert attend(q, k, torch.tensor([[4.0], [8.0]])).item() == pytest.approx(5.0, abs=1e-6)


@pytest.mark.parametrize("seed", range(30))
def test_case_28_fuzz_against_numpy(seed):
    """100 random sizes, scales and masks for each seed."""
    rng = np.random.default_rng(seed)
    for _ in range(100):
        batch, heads, n_queries, n_keys, width, d_v = rng.integers(1, (4, 5, 18, 18, 33, 9))
        scale = rng.choice([1e-3, 1, 10, 100])
        q = rng.normal(size=(batch, heads, n_queries, width)) * scale
        k, v = (rng.normal(size=(batch, heads, n_keys, n)) for n in (width, d_v))
        mask = rng.random((batch, 1, n_queries, n_keys)) < rng.choice([0.1, 0.5, 0.9, 1])
        expected = reference.attention(q, k, v, mask)
        q, k, v, mask = map(torch.from_numpy, (q, k, v, mask))
        for attend in (attention, explicit):
            checks.same(attend(q, k, v, mask), expected, tolerance=1e-12 * max(1, scale))


@BOTH
@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("seed", range(5))
def test_case_27_precision_at_unit_scale(attend, dtype, seed):
    rng = np.random.default_rng(seed)
    q, k, v = (normal(rng, 2, 4, 32, 16, dtype=dtype) for _ in range(3))
    expected = reference.attention(*(x.double() for x in (q, k, v)))
    error = np.abs(attend(q, k, v).double().numpy() - expected).max()
    naive = (q @ k.mT / 4).softmax(-1) @ v
    assert error <= TOLERANCE[dtype]
    assert error <= 2 * np.abs(naive.double().numpy() - expected).max()


@BOTH
@pytest.mark.parametrize("seed", range(50))
@pytest.mark.parametrize("empty", [False, True])
def test_case_01_and_02_gradients_also_of_queries_that_see_nothing(attend, seed, empty):
    rng = np.random.default_rng(seed)
    n_queries, n_keys, width = rng.integers(1, (5, 6, 5))
    q, k, v = (normal(rng, 2, n, width).requires_grad_() for n in (n_queries, n_keys, n_keys))
    mask = torch.from_numpy(rng.random((n_queries, n_keys)) < 0.5)
    mask[0] = not empty
    output = attend(q, k, v, mask)
    assert output[:, 0].any() != empty
    assert all(g.isfinite().all() for g in torch.autograd.grad(output.sum(), (q, k, v)))
    assert torch.autograd.gradcheck(lambda *x: attend(*x, mask), (q, k, v), atol=1e-8, rtol=1e-6)


@BOTH
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_case_03_to_05_masked_keys_weigh_nothing_against_huge_scores(attend, dtype):
    q, k = torch.full((1, 2, 1), 300.0, dtype=dtype), torch.tensor([[[-300.0], [300.0]]])
    v = torch.tensor([[[1.0], [5.0]]]).to(dtype)
    mask = torch.tensor([[True, False], [False, True]])
    assert attend(q, k.to(dtype), v, mask).flatten().tolist() == [1, 5]


@BOTH
def test_case_26_half_precision_scores_do_not_overflow(attend):
    q = torch.full((1, 2, 64), 300.0, dtype=torch.float16)
    k = torch.stack([q[0, 0], -q[0, 0]])[None]
    v = torch.tensor([[[1.0], [5.0]]], dtype=torch.float16)
    assert attend(q, k, v).flatten().tolist() == [1, 1]


@pytest.mark.parametrize("n_queries", [2, 3])
def test_case_08_true_means_the_opposite_in_multihead_attention(n_queries):
    rng = np.random.default_rng(0)
    peer = torch.nn.MultiheadAttention(4, 1, bias=False, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        peer.in_proj_weight.copy_(torch.eye(4).repeat(3, 1))
        peer.out_proj.weight.copy_(torch.eye(4))
    q, k = normal(rng, 1, n_queries, 4), normal(rng, 1, 3, 4)
    mask = causal_mask(n_queries, 3)
    assert not torch.equal(mask, ~mask)
    checks.same(attention(q, k, k, mask), peer(q, k, k, attn_mask=~mask)[0])


@BOTH
@pytest.mark.parametrize(
    "shape", [(3, 5), (2, 4, 3, 5), (1, 1, 3, 5), (2, 1, 1, 5), (1, 4, 3, 1), (1, 1, 1, 1)]
)
def test_case_09_broadcast_masks_equal_the_expanded_mask(attend, shape):
    rng = np.random.default_rng(0)
    q, k, v = (normal(rng, 2, 4, n, 8) for n in (3, 5, 5))
    mask = torch.from_numpy(rng.random(shape) < 0.6)
    checks.same(attend(q, k, v, mask), attend(q, k, v, mask.expand(2, 4, 3, 5)), tolerance=1e-15)


@BOTH
@pytest.mark.parametrize("dtype, tolerance", [(torch.float64, 1e-12), (torch.float32, 1e-5)])
def test_case_16_a_batch_equals_its_members(attend, dtype, tolerance):
    q, k, v = (normal(np.random.default_rng(0), 8, 2, 9, 16, dtype=dtype) for _ in range(3))
    alone = torch.cat([attend(*(x[i : i + 1] for x in (q, k, v))) for i in range(8)])
    checks.same(attend(q, k, v), alone, tolerance)


@BOTH
def test_case_21_layout_in_memory_does_not_matter(attend):
    rng = np.random.default_rng(0)
    q, k, v = (normal(rng, 2, 5, 8, 6).mT[..., ::2] for _ in range(3))
    k = k[:1].expand(2, -1, -1, -1)
    assert not any(x.is_contiguous() for x in (q, k, v))
    packed = attend(*(x.contiguous() for x in (q, k, v)))
    checks.same(attend(q, k, v), packed, tolerance=1e-15)


@BOTH
def test_case_22_inputs_are_not_changed(attend):
    rng = np.random.default_rng(0)
    q, k, v, mask = *(normal(rng, 2, 4, 8) for _ in range(3)), causal_mask(4)
    before = [x.clone() for x in (q, k, v, mask)]
    attend(q, k, v, mask)
    assert all(torch.equal(a, b) for a, b in zip(before, (q, k, v, mask), strict=True))


@pytest.mark.parametrize("poison", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("place", ["key", "value"])
def test_case_23_both_paths_spread_a_poisoned_number_alike(poison, place):
    rng = np.random.default_rng(0)
    q, k, v = (normal(rng, 1, 2, 4, 8) for _ in range(3))
    {"key": k, "value": v}[place][..., 3, :] = poison
    fused, formula = attention(q, k, v, causal_mask(4)), explicit(q, k, v, causal_mask(4))
    assert fused[..., 0, :].isnan().all()
    assert torch.equal(fused.isnan(), formula.isnan())


@BOTH
@pytest.mark.parametrize("lead", [(), (2,), (2, 2), (2, 1, 2), (0,), (0, 2), (2, 0, 2)])
@pytest.mark.parametrize("n_queries, n_keys", [(0, 3), (3, 0), (0, 0), (3, 3)])
@pytest.mark.parametrize("masked", [False, True])
def test_case_24_nothing_gives_nothing(attend, lead, n_queries, n_keys, masked):
    q, k, v = (torch.ones(*lead, n, 4) for n in (n_queries, n_keys, n_keys))
    mask = torch.ones(n_queries, n_keys, dtype=torch.bool) if masked else None
    output = attend(q, k, v, mask)
    assert output.shape == (*lead, n_queries, 4)
    assert output.any() == (math.prod(lead) * n_queries * n_keys > 0)
    if n_queries <= n_keys:
        assert torch.equal(attend(q, k, v, mask, causal=True), output)


@BOTH
def test_case_40_the_same_call_gives_the_same_bits(attend):
    q, k, v = (normal(np.random.default_rng(0), 2, 9, 16) for _ in range(3))
    first = attend(q, k, v)
    assert all(torch.equal(attend(q, k, v), first) for _ in range(100))


@BOTH
@given(seed=st.integers(0, 10**6), length=st.integers(1, 9))
def test_causality_holds_to_the_last_bit(attend, seed, length):
    x = normal(np.random.default_rng(seed), length, 4)
    checks.causal(lambda x: attend(x, x, x, causal_mask(length)), x)


@BOTH
@given(seed=st.integers(0, 10**6), length=st.integers(1, 9))
def test_outputs_are_mixtures_and_order_does_not_matter(attend, seed, length):
    rng = np.random.default_rng(seed)
    q, k, v = normal(rng, 3, 4), normal(rng, length, 4), normal(rng, length, 2)
    output, order = attend(q, k, v), torch.from_numpy(rng.permutation(length))
    checks.inside_hull(output, v, tolerance=1e-9)
    checks.same(attend(q, k[order], v[order]), output)
    checks.same(attend(q[[2, 0, 1]], k, v), output[[2, 0, 1]])


@given(seed=st.integers(0, 10**6))
def test_rows_of_weights_sum_to_one(seed):
    rng = np.random.default_rng(seed)
    checks.rows_sum_to_one(attention_weights(normal(rng, 2, 3, 4), normal(rng, 2, 5, 4)), 1e-12)


def test_the_divisor_is_the_root_of_the_key_width():
    q, k = torch.ones(1, 9), torch.stack([torch.full((9,), math.log(2) / 3), torch.zeros(9)])
    checks.same(attention_weights(q, k), [[2 / 3, 1 / 3]], tolerance=1e-6)
    checks.same(attention(q, k, torch.eye(2)), [[2 / 3, 1 / 3]], tolerance=1e-6)


def test_attention_is_the_fused_kernel(monkeypatch):
    def kernel(q, k, v, **view):
        return F.softmax(q, -1)

    monkeypatch.setattr(F, "scaled_dot_product_attention", kernel)
    q = torch.ones(2, 3)
    assert torch.equal(attention(q, q, q), F.softmax(q, -1))
