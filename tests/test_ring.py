import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from attention_book import KVCache, RingCache, attention, checks, window_mask


def normal(*shape, seed=0, dtype=torch.float64):
    return torch.randn(shape, dtype=dtype, generator=torch.Generator().manual_seed(seed))


def in_pieces(q, k, v, sizes, cache):
    """The rows of successive appends, each under the window of the cache."""
    rows = []
    for new_q, new_k, new_v in zip(*(x.split(sizes, dim=2) for x in (q, k, v)), strict=True):
        all_k, all_v = cache.append(new_k, new_v)
        n = new_q.shape[2]
        mask = window_mask(n, cache.size - 1, all_k.shape[2]) if n != 1 else None
        rows.append(attention(new_q, all_k, all_v, mask))
    return torch.cat(rows, dim=2)


@given(
    sizes=st.lists(st.integers(0, 5), min_size=1, max_size=9),
    size=st.integers(1, 7),
    grad=st.booleans(),
)
def test_every_way_to_cut_is_the_window_mask(sizes, size, grad):
    n = sum(sizes)
    q, k, v = normal(2, 3, n, 4), normal(2, 3, n, 4, seed=1), normal(2, 3, n, 5, seed=2)
    with torch.set_grad_enabled(grad):
        cache = RingCache(size)
        checks.same(in_pieces(q, k, v, sizes, cache), attention(q, k, v, window_mask(n, size - 1)))
    assert cache.length == n
    assert n == 0 or cache.k.shape[2] == size


def test_as_long_as_the_text_it_is_a_plain_cache():
    k = normal(1, 2, 6, 4)
    ring, plain = RingCache(6), KVCache(6)
    for new in k.split([3, 1, 2], dim=2):
        kept, expected = ring.append(new, -new)[0], plain.append(new, -new)[0]
        assert torch.equal(kept, expected)


def test_a_token_stands_at_its_position_modulo_size():
    cache = RingCache(4)
    for p in range(10):
        token = torch.full((1, 1, 1, 1), float(p))
        with torch.no_grad():
            cache.append(token, token)
    assert cache.k.flatten().tolist() == [8, 9, 6, 7]
    assert cache.length == 10


@pytest.mark.parametrize("failed", [1, 2, 3, 9])
@torch.no_grad()
def test_case_59_a_call_taken_back_leaves_the_rest_of_the_text_as_it_would_be(failed):
    q, k = normal(1, 1, 9, 4), normal(1, 1, 9, 4, seed=1)
    cache, full = RingCache(4), attention(q, k, k, window_mask(9, 3))
    in_pieces(q[:, :, :6], k[:, :, :6], k[:, :, :6], [1] * 6, cache)
    before = cache.state
    wrong = normal(1, 1, failed, 4, seed=2)
    for new in wrong.split(failed, dim=2):
        cache.append(new, new)
    cache.state = before
    rest = in_pieces(q[:, :, 6:], k[:, :, 6:], k[:, :, 6:], [2, 1], cache)
    checks.same(rest, full[:, :, 6:])


@pytest.mark.bad_input
def test_a_refused_token_changes_nothing():
    cache = RingCache(3)
    cache.append(normal(1, 2, 5, 4), normal(1, 2, 5, 4))
    before = cache.k.clone()
    with pytest.raises(ValueError, match=r"RingCache.append: k must be \(batch, 2, tokens, 4\)"):
        cache.append(normal(1, 2, 1, 3), normal(1, 2, 1, 4))
    with pytest.raises(ValueError, match="a new batch needs a new RingCache"):
        cache.append(normal(2, 2, 1, 4), normal(2, 2, 1, 4))
    assert torch.equal(cache.k, before)
    assert cache.length == 5


@pytest.mark.bad_input
@pytest.mark.parametrize("size", [0, -1, 2.5, True, None])
def test_sizes_are_refused(size):
    with pytest.raises((ValueError, TypeError), match="RingCache: size must be"):
        RingCache(size)


def test_half_precision_stays_and_the_memory_does_not_grow():
    cache = RingCache(4)
    places = set()
    with torch.no_grad():
        for _ in range(50):
            kept, _ = cache.append(*2 * [normal(1, 2, 1, 4, dtype=torch.bfloat16)])
            places.add(kept.data_ptr())
    assert kept.dtype == torch.bfloat16
    assert kept.shape == (1, 2, 4, 4)
    assert len(places) == 1


def test_select_and_gradients():
    k = normal(3, 1, 5, 2).requires_grad_()
    cache = RingCache(4)
    for new in k.split(1, dim=2):
        kept, _ = cache.append(new, new)
    kept.sum().backward()
    assert k.grad[:, :, 0].abs().max() == 0
    assert k.grad[:, :, 1:].min() == 1
    cache.select(torch.tensor([2, 0]))
    assert cache.k.shape == (2, 1, 4, 2)
