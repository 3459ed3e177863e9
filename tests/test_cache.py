import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from attention_book import KVCache, MultiHeadAttention, causal_mask, checks, record


@pytest.fixture
def layer():
    return make()


def make():
    torch.manual_seed(0)
    return MultiHeadAttention(8, 2, d_v=3).double().eval().requires_grad_(False)


def normal(*shape, dtype=torch.float64):
    return torch.randn(shape, dtype=dtype, generator=torch.Generator().manual_seed(0))


def in_chunks(layer, x, sizes, cache):
    """The outputs of successive calls on x cut into pieces of these sizes."""
    pieces, outputs = x.split(sizes, dim=1), []
    for piece in pieces:
        mask = causal_mask(piece.shape[1], cache.length + piece.shape[1])
        outputs.append(layer(piece, mask=mask, cache=cache))
    return torch.cat(outputs, dim=1)


def state(cache):
    k = None if cache.k is None else cache.k[:, :, : cache.length].clone()
    return cache.length, k


@pytest.mark.parametrize("split", range(10))
def test_case_34_every_split_in_two(layer, split):
    x = normal(2, 9, 8)
    cached = in_chunks(layer, x, [split, 9 - split], KVCache(9))
    checks.same(cached, layer(x, mask=causal_mask(9)))


@pytest.mark.parametrize("size", range(1, 10))
def test_case_34_every_chunk_size(layer, size):
    x = normal(2, 9, 8)
    sizes = [min(size, 9 - start) for start in range(0, 9, size)]
    checks.same(in_chunks(layer, x, sizes, KVCache(20)), layer(x, mask=causal_mask(9)))


@given(sizes=st.lists(st.integers(0, 4), min_size=1, max_size=8), spare=st.integers(0, 3))
def test_case_34_every_way_to_cut(sizes, spare):
    layer, n = make(), sum(sizes)
    x, cache = normal(2, n, 8), KVCache(max(1, n + spare))
    checks.same(in_chunks(layer, x, sizes, cache), layer(x, mask=causal_mask(n)))
    assert cache.length == n


def test_one_new_token_needs_no_mask(layer):
    x, cache = normal(2, 5, 8), KVCache(5)
    one_by_one = torch.cat([layer(token, cache=cache) for token in x.split(1, dim=1)], dim=1)
    checks.same(one_by_one, layer(x, mask=causal_mask(5)))


def test_recording_does_not_disturb_the_cache(layer):
    x, cache = normal(1, 4, 8), KVCache(4)
    with record(layer) as maps:
        in_chunks(layer, x, [3, 1], cache)
    assert [w.shape for w in maps["weights"]] == [(1, 2, 3, 3), (1, 2, 1, 4)]


def test_append_returns_all_so_far_in_order():
    cache, k, v = KVCache(4), normal(2, 3, 4, 5), normal(2, 3, 4, 6)
    cache.append(k[:, :, :1], v[:, :, :1])
    all_k, all_v = cache.append(k[:, :, 1:], v[:, :, 1:])
    assert torch.equal(all_k, k)
    assert torch.equal(all_v, v)


def test_room_is_reserved_once_in_the_dtype_of_the_keys():
    cache, k = KVCache(100), normal(2, 3, 1, 5, dtype=torch.float16)
    places = set()
    for _ in range(100):
        places |= {x.data_ptr() for x in cache.append(k, k)}
    assert len(places) == 2
    assert cache.k.shape == (2, 3, 100, 5)
    assert cache.v.dtype == torch.float16


def test_the_cache_keeps_copies():
    cache, k = KVCache(2), normal(1, 1, 1, 4)
    kept, _ = cache.append(k, k)
    before = kept.clone()
    k.zero_()
    assert torch.equal(kept, before)


def test_a_memory_is_projected_once(layer):
    calls = []
    layer.k_proj.register_forward_hook(lambda *_: calls.append("k"))
    layer.v_proj.register_forward_hook(lambda *_: calls.append("v"))
    x, memory, cache = normal(2, 4, 8), normal(2, 7, 8), KVCache(4)
    cached = torch.cat([layer(t, memory=memory, cache=cache) for t in x.split(1, dim=1)], dim=1)
    assert calls == ["k", "v"]
    checks.same(cached, layer(x, memory=memory))
    assert cache.length == 0


def test_select_is_the_same_as_the_selected_batch(layer):
    x, cache, fresh, rows = normal(3, 6, 8), KVCache(6), KVCache(6), torch.tensor([2, 0, 0, 1])
    in_chunks(layer, x[:, :5], [5], cache)
    in_chunks(layer, x[rows, :5], [5], fresh)
    cache.select(rows)
    assert cache.length == 5
    checks.same(layer(x[rows, 5:], cache=cache), layer(x[rows, 5:], cache=fresh))


def test_gradients_flow_through_one_chunk(layer):
    layer.requires_grad_()
    x = normal(2, 5, 8)
    gradients = []
    for cache in (None, KVCache(5)):
        layer.zero_grad()
        layer(x, mask=causal_mask(5), cache=cache).sum().backward()
        gradients.append(layer.k_proj.weight.grad.clone())
    checks.same(*gradients)


@pytest.mark.parametrize("chunks", [(3, 3), (5, 1), (6,)])
def test_case_33_overflow_leaves_the_cache_as_it_was(layer, explained, chunks):
    *fitting, last = normal(2, sum(chunks), 8).split(chunks, dim=1)
    cache = KVCache(5)
    for piece in fitting:
        layer(piece, cache=cache)
    before = state(cache)
    with explained(ValueError, "room for 5 tokens", f"{last.shape[1]} more do not fit"):
        layer(last, cache=cache)
    assert cache.length == before[0]
    assert cache.k is before[1] is None or torch.equal(state(cache)[1], before[1])


@pytest.mark.parametrize("gradients", [False, True])
def test_case_33_append_itself_refuses_too_many(explained, gradients):
    cache, k = KVCache(3), normal(1, 1, 2, 4).requires_grad_(gradients)
    kept, _ = cache.append(k, k)
    before = kept.clone()
    with explained(ValueError, "KVCache.append", "room for 3 tokens and keeps 2; 2 more"):
        cache.append(k, k)
    assert cache.length == 2
    assert torch.equal(cache.k[:, :, :2], before)


def test_case_35_another_batch(layer, explained):
    cache, x = KVCache(9), normal(3, 2, 8)
    layer(x[:2], cache=cache)
    with explained(ValueError, "keeps a batch of 2, got a batch of 3", "new KVCache"):
        layer(x, cache=cache)
    assert cache.length == 2


def test_case_35_another_memory_even_of_the_same_shape(layer, explained):
    cache, x, memory = KVCache(9), normal(2, 1, 8), normal(2, 7, 8)
    layer(x, memory=memory, cache=cache)
    for other in (memory.clone(), memory[:, :3]):
        with explained(ValueError, "MultiHeadAttention", "another memory", "new KVCache"):
            layer(x, memory=other, cache=cache)
        with explained(ValueError, "KVCache.of_memory", "another memory"):
            cache.of_memory(other, layer._project)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "k, v, error, words",
    [
        ((2, 3, 1, 4), (2, 3, 1, 6), ValueError, "k must be (batch, 3, tokens, 5)"),
        ((2, 3, 1, 5), (2, 3, 1, 5), ValueError, "v must be (batch, 3, tokens, 6)"),
        ((2, 2, 1, 5), (2, 2, 1, 6), ValueError, "k must be (batch, 3, tokens, 5)"),
        ((1, 3, 1, 5), (1, 3, 1, 6), ValueError, "a batch of 2, got a batch of 1"),
        (
            (2, 3, 1, 5),
            (2, 3, 2, 6),
            ValueError,
            "every key must have one value, got k (2, 3, 1, 5), v (2, 3, 2, 6)",
        ),
        ((2, 3, 1, 5), (1, 3, 1, 6), ValueError, "every key must have one value"),
        ((3, 1, 5), (3, 1, 6), ValueError, "k must be (batch, 3, tokens, 5)"),
    ],
)
def test_case_17_and_18_keys_and_values_that_do_not_fit(explained, k, v, error, words):
    cache = KVCache(9)
    cache.append(normal(2, 3, 2, 5), normal(2, 3, 2, 6))
    k, v = normal(*k), normal(*v)
    with explained(error, "KVCache.append", words):
        cache.append(k, v)
    assert cache.length == 2


@pytest.mark.bad_input
def test_case_20_keys_and_values_of_another_dtype(explained):
    cache, k = KVCache(9), normal(2, 3, 2, 5)
    single, whole = k.float(), k.long()
    with explained(
        TypeError, "KVCache.append: v must have the dtype of k, torch.float64, got torch.float32"
    ):
        cache.append(k, single)
    with explained(TypeError, "KVCache.append: k must hold real floats"):
        cache.append(whole, whole)
    cache.append(k, k)
    with explained(
        TypeError, "k must have the dtype of what the cache keeps, torch.float64, got torch.float32"
    ):
        cache.append(single, single)
    with explained(TypeError, "k must be a torch.Tensor", "NoneType"):
        cache.append(None, k)


@pytest.mark.bad_input
@pytest.mark.parametrize("max_len, error", [(0, ValueError), (-1, ValueError), (2.0, TypeError)])
def test_case_19_room(refused, max_len, error):
    with refused(error, "KVCache: max_len", str(max_len)):
        KVCache(max_len)


@pytest.mark.bad_input
@pytest.mark.parametrize("wrong", [[KVCache(3)], {}, 3, (None, None)])
def test_no_cache(layer, explained, wrong):
    x = normal(1, 2, 8)
    with explained(TypeError, "cache must be one KVCache", type(wrong).__name__):
        layer(x, cache=wrong)


@pytest.mark.bad_input
@pytest.mark.parametrize("wrong", [None, [[1.0]], 3])
def test_a_memory_that_is_no_tensor(layer, refused, wrong):
    cache = KVCache(3)
    with refused(TypeError, "KVCache.of_memory: memory must be a Tensor", type(wrong).__name__):
        cache.of_memory(wrong, layer._project)


@pytest.mark.bad_input
def test_rows_to_select(layer, refused):
    cache, rows = KVCache(4), torch.tensor([0])
    with refused(ValueError, "KVCache.select", "no rows yet"):
        cache.select(rows)
    layer(normal(2, 1, 8), cache=cache)
    with refused(TypeError, "KVCache.select: rows must be a torch.Tensor", "torch.tensor(rows)"):
        cache.select([0])
    for wrong in (torch.tensor([0.0]), torch.tensor([True])):
        with refused(TypeError, "KVCache.select: rows must hold int64 or int32"):
            cache.select(wrong)
    column = rows[None]
    with refused(ValueError, "KVCache.select: rows", "(1, 1)"):
        cache.select(column)
    for wrong in (-1, 2):
        with pytest.raises(IndexError, match=rf"rows\[1\] is {wrong}, but batch is 2"):
            cache.select(torch.tensor([0, wrong]))
