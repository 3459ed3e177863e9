import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from attention_book import attention, causal_mask, checks, sink_attention


def normal(*shape, seed=0, dtype=torch.float64):
    x = torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    return x.to(dtype)


def one_more_key(q, k, v, sink, mask=None):
    """The definition: a softmax with one more score, whose value is left out."""
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    extra = sink[:, None, None].expand(*scores.shape[:-1], 1)
    return torch.cat((scores, extra), dim=-1).softmax(-1)[..., :-1] @ v


@given(seed=st.integers(0, 99), tq=st.integers(1, 6), more=st.integers(0, 5))
def test_it_is_a_softmax_with_one_more_key(seed, tq, more):
    q, k, v = normal(2, 3, tq, 4), normal(2, 3, tq + more, 4, seed=seed), normal(2, 3, tq + more, 5)
    sink, mask = 3 * normal(3, seed=seed), causal_mask(tq, tq + more)
    checks.same(sink_attention(q, k, v, sink), one_more_key(q, k, v, sink))
    checks.same(sink_attention(q, k, v, sink, mask), one_more_key(q, k, v, sink, mask))
    checks.same(sink_attention(q, k, v, sink, causal=True), one_more_key(q, k, v, sink, mask))


def test_it_is_the_module_of_gpt_oss():
    modeling = pytest.importorskip("transformers.models.gpt_oss.modeling_gpt_oss")
    q, k, v, sink = normal(2, 4, 9, 8), normal(2, 2, 9, 8, seed=1), normal(2, 2, 9, 8), normal(4)
    module = torch.nn.Module()
    module.sinks, module.num_key_value_groups, module.training = sink, 2, False
    bias = torch.zeros(9, 9, dtype=torch.float64).masked_fill(~causal_mask(9), -1e9)
    theirs = modeling.eager_attention_forward(module, q, k, v, bias[None, None], 8**-0.5)[0]
    k, v = (x.repeat_interleave(2, dim=1) for x in (k, v))
    checks.same(sink_attention(q, k, v, sink, causal=True), theirs.transpose(1, 2), 1e-6)


def test_far_below_all_scores_a_sink_is_none_and_far_above_it_takes_all():
    q, k, v = (normal(1, 2, 5, 4, seed=i) for i in range(3))
    none = torch.full((2,), -60.0, dtype=torch.float64)
    checks.same(sink_attention(q, k, v, none), attention(q, k, v))
    assert sink_attention(q, k, v, -none).abs().max() < 1e-20
    mask = torch.tensor([[True], [True], [False], [True], [True]]).expand(5, 5)
    checks.same(sink_attention(q, k, v, none - math.inf, mask), attention(q, k, v, mask))


def test_empty_rows_are_zero_and_have_finite_gradients():
    q, k, v, sink = (
        x.requires_grad_() for x in (normal(1, 2, 3, 4), *2 * [normal(1, 2, 5, 4)], normal(2))
    )
    mask = torch.ones(3, 5, dtype=torch.bool)
    mask[1] = False
    out = sink_attention(q, k, v, sink, mask)
    assert out[:, :, 1].abs().max() == 0
    out.sum().backward()
    assert all(x.grad.isfinite().all() for x in (q, k, v, sink))


def test_gradients_are_those_of_the_definition():
    x = [normal(1, 2, 3, 4, seed=i).requires_grad_() for i in range(3)] + [
        normal(2).requires_grad_()
    ]
    mine = torch.autograd.grad(sink_attention(*x).sum(), x)
    for a, b in zip(mine, torch.autograd.grad(one_more_key(*x).sum(), x), strict=True):
        checks.same(a, b)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_half_precision(dtype):
    q, k, v = (normal(1, 2, 5, 4, seed=i) for i in range(3))
    out = sink_attention(*(x.to(dtype) for x in (q, k, v)), torch.tensor([0.5, -1.0]))
    assert out.dtype == dtype
    assert (out - one_more_key(q, k, v, torch.tensor([0.5, -1.0]).double())).abs().max() < 0.03


@pytest.mark.bad_input
def test_refusals():
    q = normal(1, 2, 3, 4)
    with pytest.raises(ValueError, match=r"sink_attention: sink must be \(2,\)"):
        sink_attention(q, q, q, normal(3))
    with pytest.raises(TypeError, match=r"sink must be a torch\.Tensor"):
        sink_attention(q, q, q, 0.0)
    with pytest.raises(ValueError, match="q must be"):
        sink_attention(q[0, 0], q[0, 0], q[0, 0], normal(2))
    with pytest.raises(TypeError, match="mask must be bool"):
        sink_attention(q, q, q, normal(2), torch.ones(3, 3))
