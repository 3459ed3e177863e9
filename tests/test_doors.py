"""What a door lets in, NumPy computes too; all else it refuses by name."""

from itertools import product

import pytest
import torch

from attention_book import KVCache, attention, attention_weights, checks, reference

pytestmark = pytest.mark.bad_input
SHAPES = [(), (3,), (2, 3), (1, 2, 3), (2, 2, 3), (2, 2, 1, 3), (2, 2, 2, 3), (2, 1, 2, 3)]


def numbers(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


KINDS = [numbers(*shape) for shape in [*SHAPES, (2, 2, 2, 4), (2, 2, 2, 0), (1, 2, 2, 1, 3)]]
KINDS += [numbers(2, 2, 2, 3).to(kind) for kind in (torch.float64, torch.int64, torch.bfloat16)]
KINDS += [torch.zeros(2, 2, 2, 3, device="meta"), [[0.0]], None]
MASKS = [None, [[True]], *(numbers(*shape) < 0.5 for shape in [*SHAPES, (1, 1, 2, 2), (2, 2)])]
MASKS += [(numbers(2, 2) < 0.5).to(kind) for kind in (torch.uint8, torch.float32)]


def alike(*tensors):
    """Real floats of one type on one device, with two axes or more."""
    if not all(isinstance(x, torch.Tensor) and x.is_floating_point() for x in tensors):
        return False
    return len({(x.dtype, x.device) for x in tensors}) == 1 and min(x.ndim for x in tensors) > 1


def fit(q, k, v):
    if not alike(q, k, v) or len({x.shape[:-2] for x in (q, k, v)}) > 1:
        return False
    return q.shape[-1] == k.shape[-1] > 0 and k.shape[-2] == v.shape[-2]


def fits(mask, q, k):
    if mask is None:
        return True
    if not isinstance(mask, torch.Tensor) or mask.dtype != torch.bool or mask.device != q.device:
        return False
    full = (*q.shape[:-1], k.shape[-2])
    sizes = zip(mask.shape, full, strict=mask.ndim == len(full))
    return mask.shape == full[-2:] or (
        mask.ndim == len(full) and all(a in (1, b) for a, b in sizes)
    )


def outcome(call, *arguments):
    """What the call returns, or the error of ours with which it refuses."""
    try:
        return call(*arguments)
    except (TypeError, ValueError) as error:
        return error


def is_ours(error, name):
    return isinstance(error, Exception) and str(error).startswith(f"{name}: ")


def test_attention_takes_what_fits_and_refuses_all_else():
    taken = 0
    for q, k, v in product(KINDS, repeat=3):
        got = outcome(attention, q, k, v)
        if not fit(q, k, v):
            assert is_ours(got, "attention"), got
        elif not q.is_meta:
            taken += 1
            expected = reference.attention(*(x.double().numpy() for x in (q, k, v)))
            checks.same(got.double(), expected, 2e-2 if q.dtype == torch.bfloat16 else 1e-6)
    assert taken > 15


def test_weights_take_the_masks_that_fit_and_refuse_all_else():
    taken = 0
    for q, k, mask in product(KINDS, KINDS, MASKS):
        got = outcome(attention_weights, q, k, mask)
        if not (fit(q, k, k) and fits(mask, q, k)):
            assert is_ours(got, "attention_weights"), got
        elif not q.is_meta:
            taken += 1
            mask = None if mask is None else mask.numpy()
            expected = reference.attention_weights(*(x.double().numpy() for x in (q, k)), mask)
            checks.same(got.double(), expected, 2e-2 if q.dtype == torch.bfloat16 else 1e-6)
    assert taken > 20


@pytest.mark.parametrize("gradients", [False, True])
def test_a_cache_takes_what_fits_what_it_keeps_and_refuses_all_else(gradients):
    first, taken = numbers(2, 2, 1, 3, seed=1).requires_grad_(gradients), 0
    for k, v in product(KINDS, repeat=2):
        cache = KVCache(3)
        cache.append(first, first)
        got = outcome(cache.append, k, v)
        if alike(first, k, v) and k.shape == v.shape and k.shape in {(2, 2, 1, 3), (2, 2, 2, 3)}:
            taken += 1
            checks.same(got[0], torch.cat((first, k), dim=2), 0)
            checks.same(got[1], torch.cat((first, v), dim=2), 0)
        else:
            assert is_ours(got, "KVCache.append"), got
            assert cache.length == 1
    assert taken == 2


def test_an_empty_cache_takes_any_pair_of_four_axes():
    taken = 0
    for k, v in product(KINDS, repeat=2):
        cache = KVCache(3)
        got = outcome(cache.append, k, v)
        if alike(k, v) and k.ndim == v.ndim == 4 and k.shape[:3] == v.shape[:3]:
            taken += 1
            assert got[0].is_meta or (torch.equal(got[0], k) and torch.equal(got[1], v))
        else:
            assert is_ours(got, "KVCache.append"), got
            assert (cache.length, cache.k, cache.v) == (0, None, None)
    assert taken > 5
