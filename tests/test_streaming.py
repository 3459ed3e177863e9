"""Attention tile by tile and merged from parts, against all of it at once."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from attention_book import attention, attention_weights, causal_mask, counting, reference
from attention_book.streaming import Partial, merge, streaming_attention

TOLERANCE = {torch.float32: 2e-6, torch.float16: 4e-3, torch.bfloat16: 3e-2}
ONE = torch.ones(1, 1, dtype=torch.float64)


def normal(rng, *shape, dtype=torch.float64):
    return torch.from_numpy(rng.normal(size=shape)).to(dtype)


def drawn(seed, n_queries=7, n_keys=9, dtype=torch.float64, lead=(2, 3)):
    rng = np.random.default_rng(seed)
    sizes = (n_queries, 4), (n_keys, 4), (n_keys, 5)
    return [normal(rng, *lead, *size, dtype=dtype) for size in sizes]


def cut(k, v, *places):
    """Keys and values in parts, some of which may be empty."""
    ends = [0, *sorted(places), k.shape[-2]]
    return [(k[..., a:b, :], v[..., a:b, :]) for a, b in pairwise(ends)]


@given(
    seed=st.integers(0, 2**32 - 1),
    tile=st.integers(1, 20),
    n_keys=st.integers(1, 17),
    kept=st.integers(0, 16),
    hidden=st.sampled_from([None, 0.0, 0.5, 1.0]),
)
def test_every_tile_size_gives_the_attention_of_numpy(seed, tile, n_keys, kept, hidden):
    n_queries = max(1, n_keys - kept)
    q, k, v = drawn(seed, n_queries, n_keys)
    causal = np.tri(n_queries, n_keys, n_keys - n_queries, dtype=bool)
    mask = np.random.default_rng(seed).random((n_queries, n_keys)) >= (hidden or 0)
    given_mask = None if hidden is None else torch.from_numpy(mask)
    got = streaming_attention(q, k, v, given_mask, causal=True, tile=tile)
    seen = causal & mask if hidden is not None else causal
    wanted = reference.attention(q.numpy(), k.numpy(), v.numpy(), seen)
    np.testing.assert_allclose(got.output, wanted, rtol=0, atol=1e-12)
    scores = np.where(seen, q.numpy() @ k.mT.numpy() / 2, -np.inf)
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(got.log_sum, np.log(np.exp(scores).sum(-1)), atol=1e-12)


@pytest.mark.parametrize("shape", [(1, 1, 1, 9), (2, 1, 7, 1), (1, 3, 1, 1), (2, 3, 7, 9), (7, 9)])
def test_masks_of_every_shape(shape):
    q, k, v = drawn(0)
    mask = torch.rand(shape, generator=torch.Generator().manual_seed(1)) < 0.6
    got = streaming_attention(q, k, v, mask, tile=4).output
    torch.testing.assert_close(got, attention(q, k, v, mask), atol=1e-12, rtol=0)


@pytest.mark.parametrize("lead", [(), (2,), (2, 3), (2, 1, 3)])
def test_any_axes_before(lead):
    q, k, v = drawn(0, lead=lead)
    got = streaming_attention(q, k, v, causal=True, tile=2)
    assert got.log_sum.shape == (*lead, 7)
    torch.testing.assert_close(got.output, attention(q, k, v, causal=True), atol=1e-12, rtol=0)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("seed", range(3))
def test_half_precision_is_computed_in_single(dtype, seed):
    q, k, v = drawn(seed, 40, 60, dtype)
    got = streaming_attention(q, k, v, tile=16)
    assert got.output.dtype == dtype
    assert got.log_sum.dtype == torch.float32
    wanted = reference.attention(*(x.double().numpy() for x in (q, k, v)))
    error = np.abs(got.output.double().numpy() - wanted).max()
    assert error <= TOLERANCE[dtype]


def test_large_scores_do_not_overflow():
    q, k = torch.full((3, 4), 300.0).half(), torch.full((9, 4), 300.0).half()
    v = torch.arange(18.0).view(9, 2).half()
    torch.testing.assert_close(streaming_attention(q, k, v, tile=2).output[0], v.mean(0))
    rising = torch.linspace(0, 1e8, 9)[:, None] * torch.ones(9, 4)
    for keys, found in ((rising, v[-1]), (rising.flip(0), v[0])):
        got = streaming_attention(torch.ones(1, 4), keys, v.float(), tile=2).output
        torch.testing.assert_close(got[0], found.float())


@pytest.mark.parametrize("size", [(0, 3), (3, 0), (0, 0), (1, 1)])
def test_no_queries_no_keys_and_a_single_token(size):
    q, k, v = drawn(0, *size)
    got = streaming_attention(q, k, v)
    assert got.output.shape == (2, 3, size[0], 5)
    torch.testing.assert_close(got.output, attention(q, k, v))
    assert size[1] or (got.log_sum == -math.inf).all()


@pytest.mark.parametrize("tile", [1, 3, 9, 100])
@pytest.mark.parametrize("causal", [False, True])
def test_gradients_with_empty_rows(tile, causal):
    q, k, v = (x.requires_grad_() for x in drawn(0, 4, 6, lead=(2,)))
    mask = torch.rand(4, 6, generator=torch.Generator().manual_seed(2)) < 0.6
    mask[1] = False

    def both(q, k, v):
        part = streaming_attention(q, k, v, mask, causal=causal, tile=tile)
        return part.output, part.log_sum.masked_fill(part.log_sum == -math.inf, 0.0)

    torch.autograd.gradcheck(both, (q, k, v))


def test_gradients_of_half_precision_and_through_a_merge():
    q, k, v = (x.requires_grad_() for x in drawn(0, 4, 6, lead=(2,)))
    mask = causal_mask(4, 6)
    mask[2] = False

    def halves(q, k, v):
        sides = zip(cut(k, v, 2), (mask[:, :2], mask[:, 2:]), strict=True)
        return merge(*(streaming_attention(q, *side, view, tile=2) for side, view in sides)).output

    torch.autograd.gradcheck(halves, (q, k, v))
    leaves = [x.detach().half().requires_grad_() for x in (q, k, v)]
    gradients = torch.autograd.grad(streaming_attention(*leaves, tile=2).output.sum(), leaves)
    wanted = torch.autograd.grad(attention(q, k, v).sum(), (q, k, v))
    for got, right in zip(gradients, wanted, strict=True):
        assert got.dtype == torch.half
        torch.testing.assert_close(got.double(), right, atol=4e-3, rtol=0)


def test_a_second_derivative_is_refused():
    q, k, v = (x.requires_grad_() for x in drawn(0))
    total = streaming_attention(q, k, v).output.sum()
    with pytest.raises(ValueError, match="streaming_attention: it has no second derivative"):
        torch.autograd.grad(total, q, create_graph=True)


@given(seed=st.integers(0, 2**32 - 1), places=st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_parts_merge_to_the_whole_wherever_they_are_cut(seed, places):
    q, k, v = drawn(seed)
    parts = [streaming_attention(q, *side, tile=2) for side in cut(k, v, *places)]
    whole = streaming_attention(q, k, v)
    for got, wanted in zip(merge(*parts), whole, strict=True):
        torch.testing.assert_close(got, wanted, atol=1e-12, rtol=0)


@given(seed=st.integers(0, 2**32 - 1), hidden=st.sampled_from([0.0, 0.7, 1.0]))
def test_merging_is_associative_and_commutative(seed, hidden):
    q, k, v = drawn(seed)
    mask = torch.rand(3, 7, 9, generator=torch.Generator().manual_seed(seed)) >= hidden
    pieces = zip(cut(k, v, 2, 5), (mask[0][:, :2], mask[1][:, 2:5], mask[2][:, 5:]), strict=True)
    a, b, c = (streaming_attention(q, *side, view) for side, view in pieces)
    ways = merge(merge(a, b), c), merge(a, merge(b, c)), merge(c, a, b), merge(merge(a, b, c))
    for way in ways:
        torch.testing.assert_close(way.output, ways[0].output, atol=1e-12, rtol=0)
        torch.testing.assert_close(way.log_sum, ways[0].log_sum, atol=1e-12, rtol=0)


def test_parts_count_by_their_weight_and_not_by_their_number():
    first = Partial(ONE, torch.tensor([1000 + math.log(3)], dtype=torch.float64))
    second = Partial(9 * ONE, torch.tensor([1000.0], dtype=torch.float64))
    output, log_sum = merge(first, second)
    assert output.item() == pytest.approx(3)
    assert log_sum.item() == pytest.approx(1000 + math.log(4))


def test_a_merge_stays_in_half_precision():
    q, k, v = drawn(0, dtype=torch.bfloat16)
    parts = [streaming_attention(q, *side) for side in cut(k, v, 4)]
    merged = merge(*parts)
    assert merged.output.dtype == torch.bfloat16
    torch.testing.assert_close(merged.output, attention(q, k, v), atol=3e-2, rtol=0)


def test_no_map_is_held_in_either_direction():
    q, k, v = (torch.randn(1, 2, 512, 16).requires_grad_() for _ in range(3))
    whole = 2 * 512 * 512 * 4

    def train(attend):
        attend().sum().backward()

    explicit = counting.largest_bytes(train, lambda: attention_weights(q, k) @ v)
    tiled = counting.largest_bytes(train, lambda: streaming_attention(q, k, v, tile=32).output)
    assert explicit == whole
    assert tiled == whole * 32 / 512


def test_the_backward_pass_makes_one_product_more():
    q, k, v = (torch.randn(1, 1, 64, 16).requires_grad_() for _ in range(3))

    def train(attend):
        attend().sum().backward()

    one = 64 * 64 * 16
    assert counting.count_macs(train, lambda: attention_weights(q, k) @ v) == 6 * one
    tiled = counting.count_macs(train, lambda: streaming_attention(q, k, v, tile=8).output)
    assert tiled == 7 * one


def test_it_agrees_with_the_kernel_on_float32():
    q, k, v = drawn(3, 300, 300, torch.float32)
    got = streaming_attention(q, k, v, causal=True).output
    wanted = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    torch.testing.assert_close(got, wanted, atol=2e-6, rtol=0)


def test_inputs_stay_as_they_were():
    q, k, v = drawn(0)
    copies = [x.clone() for x in (q, k, v)]
    streaming_attention(q, k, v, causal=True, tile=2)
    assert all(map(torch.equal, (q, k, v), copies))


@pytest.mark.bad_input
def test_bad_input_is_named(explained):
    q, k, v = drawn(0)
    with explained(ValueError, "streaming_attention: tile must be at least 1, got 0"):
        streaming_attention(q, k, v, tile=0)
    with explained(TypeError, "streaming_attention: mask must be bool"):
        streaming_attention(q, k, v, torch.ones(7, 9))
    with explained(ValueError, "causal queries must be the last of the keys"):
        streaming_attention(k, q, v[..., :7, :], causal=True)
    with explained(ValueError, "every key must have one value"):
        streaming_attention(q, k, v[..., :8, :])


@pytest.mark.bad_input
def test_parts_that_do_not_fit_are_named(explained):
    part = streaming_attention(*drawn(0))
    with explained(ValueError, "merge: the parts must be one or more"):
        merge()
    with explained(TypeError, "merge: part 0 must be a Partial, got list; write merge(*parts)"):
        merge([part, part])
    with explained(ValueError, "merge: part 1 must have the shape of part 0"):
        merge(part, streaming_attention(*drawn(0, 6)))
    with explained(TypeError, "part 1.output must have the dtype of part 0"):
        merge(part, streaming_attention(*drawn(0, dtype=torch.float32)))
    with explained(ValueError, "part 0.log_sum must be (2, 3, 7)"):
        merge(part._replace(log_sum=part.log_sum[..., None]))
