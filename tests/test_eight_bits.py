import copy

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from attention_book import MultiHeadAttention, QuantizedCache, checks, counting
from attention_book.eight_bits import dequantize, quantize

DTYPES = [torch.float64, torch.float32, torch.bfloat16, torch.float16]


def normal(*shape, seed=0, dtype=torch.float64):
    x = torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    return x.to(dtype)


@given(seed=st.integers(0, 99), dim=st.sampled_from([-1, -2]), size=st.sampled_from([1e-9, 1, 1e9]))
def test_no_number_moves_by_more_than_half_a_scale(seed, dim, size):
    x = size * normal(2, 7, 5, seed=seed)
    codes, scale = quantize(x, dim)
    assert ((dequantize(codes, scale) - x).abs() <= scale / 2 * (1 + 1e-9)).all()
    assert codes.abs().amax(dim).min() == 127


def test_the_codes_are_those_of_numpy():
    x = normal(3, 4)
    scale = abs(x.numpy()).max(axis=1, keepdims=True) / 127
    codes, mine = quantize(x)
    np.testing.assert_array_equal(codes, np.rint(x.numpy() / scale))
    checks.same(mine, scale)


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_dtype_comes_back(dtype):
    x = normal(2, 3, 4, dtype=dtype)
    back = dequantize(*quantize(x))
    assert back.dtype == dtype
    assert (back - x).abs().max() < 0.05


def test_zeros_and_nothing_stay():
    assert dequantize(*quantize(torch.zeros(2, 3))).abs().max() == 0
    assert dequantize(*quantize(torch.zeros(2, 0))).shape == (2, 0)
    assert dequantize(*quantize(torch.zeros(0, 4), -2)).shape == (0, 4)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_what_has_no_size_is_refused(bad):
    x = normal(1, 2, 3, 4)
    x[0, 0, 1, 2] = bad
    cache = QuantizedCache(5)
    with pytest.raises(ValueError, match="quantize: x must be finite"):
        cache.append(x, x)
    assert cache.length == 0
    assert cache.kept is None


@pytest.mark.parametrize("sizes", [[9], [1] * 9, [4, 1, 1, 3], [0, 5, 4]])
def test_the_cache_keeps_what_each_token_became_by_itself(sizes):
    k, v = normal(2, 3, 9, 4), normal(2, 3, 9, 5, seed=1)
    cache = QuantizedCache(12)
    for new_k, new_v in zip(k.split(sizes, dim=2), v.split(sizes, dim=2), strict=True):
        kept = cache.append(new_k, new_v)
    checks.same(kept[0], dequantize(*quantize(k)))
    checks.same(kept[1], dequantize(*quantize(v)))


def test_one_byte_for_a_number_and_one_scale_for_a_token_of_a_head():
    cache = QuantizedCache(10)
    cache.append(*2 * [normal(1, 2, 10, 64, dtype=torch.float16)])
    assert counting.count_bytes(*cache.kept) == 2 * 2 * 10 * (64 + 2)
    assert cache.k.untyped_storage().nbytes() == 0  # nor are the keys themselves kept alive


def test_heads_come_close():
    layer = MultiHeadAttention(64, 4).double().requires_grad_(False)
    x, cache = normal(2, 20, 64), QuantizedCache(20)
    parts = [layer(part, causal=True, cache=cache) for part in x.split([12, 1, 7], dim=1)]
    full = layer(x, causal=True)
    error = (torch.cat(parts, dim=1) - full).norm() / full.norm()
    assert 1e-5 < error < 0.02


def test_case_59_a_failed_step_leaves_it_as_it_was():
    layer = MultiHeadAttention(8, 2).double().requires_grad_(False)
    x, cache = normal(1, 3, 8), QuantizedCache(9)
    layer(x, causal=True, cache=cache)
    before = [part.clone() for part in cache.kept]
    hook = layer.o_proj.register_forward_hook(lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        layer(x, causal=True, cache=cache)
    hook.remove()
    assert cache.length == 3
    assert all(
        torch.equal(a[:, :, :3], b[:, :, :3]) for a, b in zip(cache.kept, before, strict=True)
    )


@pytest.mark.bad_input
def test_rows_copies_and_refusals():
    cache, k = QuantizedCache(4), normal(3, 1, 3, 4)
    kept, _ = cache.append(k, k)
    other = copy.deepcopy(cache)
    cache.select(torch.tensor([2, 0]))
    again, _ = cache.append(k[:2, :, :1], k[:2, :, :1])
    assert torch.equal(again[:, :, :3], kept[[2, 0]])
    assert torch.equal(other.append(k[:, :, :1], k[:, :, :1])[0][:, :, :3], kept)
    with pytest.raises(ValueError, match="the cache has room for 4 tokens"):
        other.append(k, k)
    with pytest.raises(ValueError, match="k must carry no gradient"):
        QuantizedCache(4).append(k.clone().requires_grad_(), k)
    with pytest.raises(ValueError, match=r"k must be \(batch, 1, tokens, 4\)"):
        cache.append(k[:2, :, :, :2], k[:2])
    with pytest.raises(TypeError, match="have the dtype of what the cache keeps"):
        cache.append(k[:2].float(), k[:2].float())
