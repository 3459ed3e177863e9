import copy

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from attention_book import KVCache, MultiHeadAttention, PagedCache, Pages, checks


def normal(*shape, seed=0, dtype=torch.float64):
    return torch.randn(shape, dtype=dtype, generator=torch.Generator().manual_seed(seed))


@given(
    sizes=st.lists(st.integers(0, 5), min_size=1, max_size=6),
    size=st.integers(1, 5),
    order=st.randoms(use_true_random=False),
)
def test_shuffled_pages_are_a_contiguous_cache(sizes, size, order):
    pages, texts, n = Pages(40, size), range(2), max(1, sum(sizes))
    paged, plain = [PagedCache(pages) for _ in texts], [KVCache(n) for _ in texts]
    first = PagedCache(pages)
    first.append(normal(1, 2, 3 * size, 3), normal(1, 2, 3 * size, 4))
    for i, length in enumerate(sizes):
        if i == len(sizes) // 2:
            first.release()  # so that later pages lie before earlier ones
        for text in order.sample(texts, 2):  # so that their pages lie in turn
            k, v = normal(1, 2, length, 3, seed=i), normal(1, 2, length, 4, seed=9 + text)
            kept, expected = paged[text].append(k, v), plain[text].append(k, v)
            assert all(map(torch.equal, kept, expected))
    assert pages.users.count(1) == 2 * -(-sum(sizes) // size)
    for cache in paged:
        cache.release()
    assert pages.free == 40


def test_heads_with_pages_are_heads_without():
    layer = MultiHeadAttention(8, 2).double().requires_grad_(False)
    x, pages = normal(1, 13, 8), Pages(9, 4)
    other = PagedCache(pages)
    layer(x[:, :5], causal=True, cache=other)
    cache = PagedCache(pages)
    parts = [layer(part, causal=True, cache=cache) for part in x.split([6, 1, 4, 2], dim=1)]
    checks.same(torch.cat(parts, dim=1), layer(x, causal=True))
    assert cache.table == [2, 3, 4, 5]


def test_a_fork_shares_its_pages_and_changes_its_own_only():
    pages = Pages(6, 4)
    first, k = PagedCache(pages), normal(1, 1, 6, 2)
    first.append(k, -k)
    second = first.fork()
    assert (pages.users, second.table) == ([2, 2, 0, 0, 0, 0], [0, 1])
    new = normal(1, 1, 1, 2, seed=1)
    kept, _ = second.append(new, new)
    assert torch.equal(kept, torch.cat((k, new), dim=2))
    assert (second.table, pages.users) == ([0, 2], [2, 1, 1, 0, 0, 0])
    kept, values = first.append(-new, -new)
    assert torch.equal(kept, torch.cat((k, -new), dim=2))
    assert torch.equal(values[:, :, :6], -k)
    assert first.table == [0, 1], "its last page is its own again"
    first.release()
    assert pages.users == [1, 0, 1, 0, 0, 0]


def test_full_pages_are_shared_without_any_copy():
    pages = Pages(4, 4)
    first = PagedCache(pages)
    first.append(*2 * [normal(1, 1, 8, 2)])
    second = copy.deepcopy(first)
    second.append(*2 * [normal(1, 1, 1, 2)])
    assert (first.table, second.table, pages.users) == ([0, 1], [0, 1, 2], [2, 2, 1, 0])


def test_pages_that_are_used_up_refuse_by_name_and_change_nothing():
    pages = Pages(3, 2)
    first, second = PagedCache(pages), PagedCache(pages)
    first.append(*2 * [normal(1, 1, 3, 2)])
    assert (first.max_len, second.max_len) == (4 + 2, 2)
    with pytest.raises(ValueError, match=r"PagedCache\.append: the cache has room for 2 tokens"):
        second.append(*2 * [normal(1, 1, 3, 2)])
    assert (second.length, second.table, pages.free) == (0, [], 1)
    fork = first.fork()
    assert fork.max_len == 4, "one page is needed for the copy"
    fork.append(*2 * [normal(1, 1, 1, 2)])
    with pytest.raises(ValueError, match="room for 4 tokens and keeps 3; 2 more"):
        first.append(*2 * [normal(1, 1, 2, 2)])
    with pytest.raises(ValueError, match="all 3 pages are in use"):
        pages.take()


def test_case_59_a_failed_step_gives_its_pages_back():
    layer = MultiHeadAttention(8, 2).double().requires_grad_(False)
    pages, x = Pages(5, 2), normal(1, 3, 8)
    cache = PagedCache(pages)
    layer(x, causal=True, cache=cache)
    fork = cache.fork()
    layer.o_proj.register_forward_hook(lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        layer(x, causal=True, cache=fork)
    assert (fork.length, fork.table, pages.users) == (3, [0, 1], [2, 2, 0, 0, 0])


@pytest.mark.bad_input
def test_batches_gradients_rows_and_other_widths_are_refused():
    cache = PagedCache(Pages(3, 2))
    with pytest.raises(ValueError, match="must be of one text, got a batch of 2"):
        cache.append(*2 * [normal(2, 1, 1, 2)])
    with pytest.raises(ValueError, match="must carry no gradient"):
        cache.append(*2 * [normal(1, 1, 1, 2).requires_grad_()])
    cache.append(*2 * [normal(1, 1, 1, 2)])
    with pytest.raises(ValueError, match=r"k must be \(batch, 1, tokens, 2\)"):
        cache.append(*2 * [normal(1, 1, 1, 3)])
    with pytest.raises(ValueError, match="use fork and release"):
        cache.select(torch.tensor([0]))
    with pytest.raises(TypeError, match="PagedCache: pages must be a Pages"):
        PagedCache(8)
    with pytest.raises(ValueError, match="Pages: size must be at least 1"):
        Pages(3, 0)
