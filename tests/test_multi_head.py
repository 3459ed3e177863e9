import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from attention_book import (
    KVCache,
    MultiHeadAttention,
    attention,
    causal_mask,
    checks,
    multi_head,
    padding_mask,
    record,
    window_mask,
)


def make(*sizes, **options):
    """In float64, with biases that are not zero."""
    torch.manual_seed(0)
    layer = MultiHeadAttention(*sizes, **options).double().eval()
    return layer.requires_grad_(False)


def normal(*shape, seed=0):
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def peer_of(ours):
    """PyTorch's module with the same weights."""
    bias = ours.q_proj.bias is not None
    peer = nn.MultiheadAttention(ours.d_model, ours.n_heads, bias=bias, batch_first=True).double()
    projections = (ours.q_proj, ours.k_proj, ours.v_proj)
    with torch.no_grad():
        peer.in_proj_weight.copy_(torch.cat([p.weight for p in projections]))
        peer.out_proj.weight.copy_(ours.o_proj.weight)
        if bias:
            peer.in_proj_bias.copy_(torch.cat([p.bias for p in projections]))
            peer.out_proj.bias.copy_(ours.o_proj.bias)
    return peer.eval()


def loop_over_heads(layer, x, memory, mask=None):
    """The paper's definition, one head after the other, on one sequence."""
    heads = []
    for h in range(layer.n_heads):
        q, k, v = (
            F.linear(tokens, p.weight.chunk(layer.n_heads)[h], p.bias.chunk(layer.n_heads)[h])
            for tokens, p in ((x, layer.q_proj), (memory, layer.k_proj), (memory, layer.v_proj))
        )
        scores = q @ k.T / q.shape[-1] ** 0.5
        if mask is not None:
            scores = scores.masked_fill(~mask, float("-inf"))
        heads.append(scores.softmax(-1) @ v)
    return torch.cat(heads, dim=-1) @ layer.o_proj.weight.T + layer.o_proj.bias


SIZES = pytest.mark.parametrize("d_model, n_heads", [(8, 1), (8, 2), (8, 8), (15, 3), (7, 7)])


@SIZES
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("recorded", [False, True])
def test_case_08_equal_to_torch_on_itself(d_model, n_heads, bias, masked, recorded):
    ours, x = make(d_model, n_heads, bias=bias), normal(3, 5, d_model)
    mask = causal_mask(5) if masked else None
    with record(ours if recorded else nn.Sequential(make(8, 2))):
        output = ours(x, mask=mask)
    expected = peer_of(ours)(x, x, x, attn_mask=None if mask is None else ~mask)[0]
    checks.same(output, expected)


@SIZES
@pytest.mark.parametrize("n_queries, n_keys", [(1, 7), (4, 7), (7, 4), (5, 1)])
@pytest.mark.parametrize("masked", [False, True])
def test_equal_to_torch_on_a_memory_of_another_length(d_model, n_heads, n_queries, n_keys, masked):
    ours = make(d_model, n_heads)
    x, memory = normal(2, n_queries, d_model), normal(2, n_keys, d_model, seed=1)
    mask = torch.rand(n_queries, n_keys) < 0.5
    mask[:, 0] = True
    mask = mask if masked else None
    expected = peer_of(ours)(x, memory, memory, attn_mask=None if mask is None else ~mask)[0]
    checks.same(ours(x, memory=memory, mask=mask), expected)


@pytest.mark.parametrize("mask", [causal_mask(6), window_mask(6, 2), None])
def test_case_13_padding_equals_torchs_and_the_shorter_input(mask):
    ours, x, lengths = make(8, 2), normal(3, 6, 8), torch.tensor([6, 4, 1])
    padding = padding_mask(lengths, 6)
    output = ours(x, mask=padding if mask is None else mask & padding)
    blocked = None if mask is None else ~mask
    expected = peer_of(ours)(x, x, x, attn_mask=blocked, key_padding_mask=~padding[:, 0, 0])[0]
    for row, n in enumerate(lengths.tolist()):
        checks.same(output[row, :n], expected[row, :n])
        alone = ours(x[row : row + 1, :n], mask=None if mask is None else mask[:n, :n])
        checks.same(output[row, :n], alone[0])


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("d_k, d_v", [(None, None), (3, 5), (5, 3), (1, None), (None, 2), (4, 4)])
def test_equal_to_a_loop_over_heads(d_k, d_v, recorded):
    layer = make(8, 4, d_k=d_k, d_v=d_v)
    widths = layer.q_proj.out_features, layer.k_proj.out_features, layer.v_proj.out_features
    assert widths == (4 * (d_k or 2), 4 * (d_k or 2), 4 * (d_v or 2))
    x, memory, mask = normal(2, 3, 8), normal(2, 5, 8, seed=1), causal_mask(3, 5)
    with record(layer if recorded else make(8, 2)):
        output = layer(x, memory=memory, mask=mask)
    for row in range(2):
        checks.same(output[row], loop_over_heads(layer, x[row], memory[row], mask))


@pytest.mark.bad_input  # of no bad kind: the signature says int and float
@pytest.mark.parametrize("kind", [np.int64, np.uint8, np.array, torch.tensor])
def test_case_65_sizes_of_other_kinds(kind):
    sizes = {"d_model": 8, "n_heads": 2, "d_k": 3, "d_v": 5}
    layer = MultiHeadAttention(**{n: kind(x) for n, x in sizes.items()}, dropout=np.float32(0.5))
    assert layer.v_proj.out_features == 10
    assert type(layer.n_heads) is int
    assert layer.dropout.p == 0.5


def test_given_widths_need_no_divisible_d_model():
    assert make(7, 2, d_k=3, d_v=5)(normal(1, 4, 7)).shape == (1, 4, 7)


@settings(max_examples=50)
@given(seed=st.integers(0, 10**6), heads=st.integers(1, 4), length=st.integers(1, 7))
def test_recorded_equals_fused(seed, heads, length):
    layer, x = make(4 * heads, heads), normal(2, length, 4 * heads, seed=seed)
    mask = torch.rand(2, 1, length, length) < 0.5  # some rows see nothing
    with record(layer) as maps:
        recorded = layer(x, mask=mask)
    checks.same(layer(x, mask=mask), recorded)
    checks.rows_sum_to_one(maps["weights"][0][mask.any(-1).expand(2, heads, length)])


def test_concatenation_times_o_is_the_sum_over_heads():
    layer, x = make(12, 3, bias=False), normal(2, 5, 12)
    q, k, v = (p(x).unflatten(-1, (3, 4)).transpose(1, 2) for p in projections(layer))
    heads, parts = attention(q, k, v).unbind(1), layer.o_proj.weight.split(4, dim=1)
    checks.same(layer(x), sum(head @ part.T for head, part in zip(heads, parts, strict=True)))


def projections(layer):
    return layer.q_proj, layer.k_proj, layer.v_proj


def test_case_01_a_query_that_sees_nothing_gets_the_bias_alone():
    layer, x, mask = make(8, 2), normal(1, 4, 8), causal_mask(4)
    mask[2] = False
    output = layer(x, mask=mask)
    checks.same(output[0, 2], layer.o_proj.bias)
    with record(layer) as maps:
        layer(x, mask=mask)
    assert maps["weights"][0][0, :, 2].count_nonzero() == 0


@pytest.mark.parametrize("shape", [(2, 1, 4, 4), (1, 2, 4, 4), (2, 2, 1, 4), (1, 1, 1, 1)])
def test_case_09_masks_of_four_axes_broadcast(shape):
    layer, x, mask = make(8, 2), normal(2, 4, 8), torch.rand(shape) < 0.7
    checks.same(layer(x, mask=mask), layer(x, mask=mask.expand(2, 2, 4, 4)))


def test_order_of_the_memory_does_not_matter():
    layer, x, memory = make(8, 2), normal(1, 3, 8), normal(1, 5, 8, seed=1)
    checks.same(layer(x, memory=memory), layer(x, memory=memory[:, [3, 0, 4, 1, 2]]))


@pytest.mark.parametrize("around", [{"mask": causal_mask(6)}, {"causal": True}])
def test_causality(around):
    layer = make(8, 2)
    checks.causal(lambda x: layer(x[None], **around)[0], normal(6, 8))


@pytest.mark.parametrize("state", ["plain", "recorded", "training"])
@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("n_keys", [None, 4, 6])
@pytest.mark.parametrize("kept", [0, 3])
def test_case_11_causality_as_a_fact_equals_the_mask(state, padded, n_keys, kept):
    """Alone, with padding, with a memory, after what a cache keeps."""
    layer, x, caches = make(8, 2, dropout=0.5), normal(2, 4, 8), [KVCache(9), KVCache(9)]
    memory = None if n_keys is None else normal(2, n_keys, 8, seed=1)
    n_keys = n_keys or kept + 4
    padding = padding_mask(torch.tensor([n_keys, 2]), n_keys) if padded else None
    mask = causal_mask(4, n_keys) if padding is None else causal_mask(4, n_keys) & padding
    for cache in caches:
        layer(normal(2, kept, 8, seed=2), cache=cache)
    around = {"mask": padding, "causal": True}, {"mask": mask}
    outputs = []
    layer.train(state == "training")
    for view, cache in zip(around, caches, strict=True):
        torch.manual_seed(0)
        with record(layer if state == "recorded" else make(8, 2)):
            outputs.append(layer(x, memory=memory, **view, cache=cache))
    checks.same(*outputs)


@pytest.mark.parametrize("dtype, tolerance", [(torch.float64, 1e-12), (torch.float32, 1e-5)])
def test_case_16_a_batch_equals_its_rows(dtype, tolerance):
    layer, x = make(16, 4).to(dtype), normal(8, 9, 16).to(dtype)
    checks.same(layer(x), torch.cat([layer(row) for row in x.split(1)]), tolerance)


def test_case_21_and_22_strided_inputs_are_read_and_left_as_they_are():
    layer, x = make(8, 2), normal(8, 5, 2).permute(2, 1, 0)
    before = x.clone()
    checks.same(layer(x), layer(x.contiguous()))
    assert torch.equal(x, before)


@pytest.mark.parametrize("batch, n_queries, n_keys", [(0, 3, 3), (2, 0, 3), (2, 3, 0), (0, 0, 0)])
@pytest.mark.parametrize("recorded", [False, True])
def test_case_24_nothing_in_nothing_out(batch, n_queries, n_keys, recorded):
    layer = make(8, 2)
    with record(layer if recorded else make(8, 2)):
        output = layer(normal(batch, n_queries, 8), memory=normal(batch, n_keys, 8))
    checks.same(output, layer.o_proj.bias.expand(batch, n_queries, 8))


def test_case_29_dropout_only_while_training():
    layer, x = make(8, 2, dropout=0.5), normal(2, 5, 8)
    plain = make(8, 2)
    plain.load_state_dict(layer.state_dict())
    assert torch.equal(layer(x), layer(x))
    checks.same(layer(x), plain(x))
    layer.train()
    assert not torch.equal(layer(x), layer(x))


def test_dropout_takes_whole_weights_and_scales_the_rest():
    layer, x = make(8, 2, dropout=0.25).train(), normal(4, 16, 8)
    torch.manual_seed(1)
    output = layer(x)
    torch.manual_seed(1)
    with record(layer) as maps:
        layer(x)
    torch.manual_seed(1)
    weights = F.dropout(maps["weights"][0], 0.25)
    v = layer.v_proj(x).unflatten(-1, (2, 4)).transpose(1, 2)
    checks.same(layer.o_proj((weights @ v).transpose(1, 2).flatten(2)), output)
    assert 0.2 < (weights == 0).double().mean() < 0.3


def test_case_38_every_dtype():
    for dtype in (torch.float64, torch.float32, torch.bfloat16, torch.float16):
        assert make(8, 2).to(dtype)(normal(1, 3, 8).to(dtype)).dtype == dtype


def test_autocast_may_mix_dtypes():
    layer = make(8, 2).float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        cached = layer(layer(normal(1, 3, 8).float()), cache=KVCache(4))
    assert cached.dtype == torch.bfloat16


def test_case_40_the_same_call_gives_the_same_bits():
    layer, x = make(8, 2), normal(2, 9, 8)
    first = layer(x)
    assert all(torch.equal(layer(x), first) for _ in range(100))


def test_gradients_reach_every_weight_on_both_paths():
    layer, x = make(8, 2).requires_grad_(), normal(2, 5, 8)
    layer(x, mask=causal_mask(5)).square().sum().backward()
    fused = [p.grad.clone() for p in layer.parameters()]
    layer.zero_grad()
    with record(layer):
        layer(x, mask=causal_mask(5)).square().sum().backward()
    for p, g in zip(layer.parameters(), fused, strict=True):
        checks.same(p.grad, g, 1e-11)


def test_without_a_record_no_weights_are_made(monkeypatch):
    def explicit(q, k, mask, *, causal):
        raise AssertionError("the formula ran")

    monkeypatch.setattr(multi_head, "attention_weights", explicit)
    layer, x = make(8, 2), normal(1, 3, 8)
    layer(x)
    with pytest.raises(AssertionError, match="the formula ran"), record(layer):
        layer(x)


@pytest.mark.bad_input
@pytest.mark.parametrize("name", ["d_model", "n_heads", "d_k", "d_v"])
@pytest.mark.parametrize("wrong", [0, -8, 8.0, True, "8"])
def test_case_19_sizes(refused, name, wrong):
    error = ValueError if isinstance(wrong, int) and wrong is not True else TypeError
    with refused(error, f"MultiHeadAttention: {name} must be", str(wrong)):
        MultiHeadAttention(**{"d_model": 8, "n_heads": 2} | {name: wrong})


@pytest.mark.bad_input
@pytest.mark.parametrize("given", [{}, {"d_k": 4}, {"d_v": 4}])
def test_case_19_heads_that_do_not_divide(refused, given):
    with refused(ValueError, "MultiHeadAttention", "d_model is 8 and n_heads is 3"):
        MultiHeadAttention(8, 3, **given)


@pytest.mark.bad_input
@pytest.mark.parametrize("p", [-0.1, 1.0, 1.5, float("nan"), float("inf")])
def test_case_30_dropout_out_of_range(refused, p):
    with refused(ValueError, "MultiHeadAttention: dropout", str(p)):
        MultiHeadAttention(8, 2, dropout=p)


@pytest.mark.bad_input
@pytest.mark.parametrize("options", [{"dropout": "0.1"}, {"dropout": True}, {"bias": 1}])
def test_case_30_options_of_another_type(refused, options):
    with refused(TypeError, "MultiHeadAttention", *options):
        MultiHeadAttention(8, 2, **options)


@pytest.mark.bad_input
@pytest.mark.parametrize("shape", [(2, 5, 7), (2, 5, 9), (2, 5, 0), (5, 8), (8,), (), (1, 2, 5, 8)])
@pytest.mark.parametrize("name", ["x", "memory"])
def test_case_18_tokens_of_the_wrong_shape(explained, name, shape):
    layer, right, wrong = make(8, 2), normal(2, 5, 8), normal(*shape)
    with explained(ValueError, f"MultiHeadAttention: {name} must be", str(shape)):
        layer(**{"x": right} | {name: wrong})


@pytest.mark.bad_input
def test_case_18_a_memory_of_another_batch(explained):
    layer, x, memory = make(8, 2), normal(2, 5, 8), normal(3, 5, 8)
    with explained(ValueError, "memory must have the batch of x", "x (2, 5, 8), memory (3, 5, 8)"):
        layer(x, memory=memory)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "dtype", [torch.float32, torch.bfloat16, torch.int64, torch.bool, torch.complex128]
)
@pytest.mark.parametrize("name", ["x", "memory"])
def test_case_20_another_dtype(explained, name, dtype):
    layer, right, wrong = make(8, 2), normal(2, 5, 8), torch.ones(2, 5, 8, dtype=dtype)
    words = "have the dtype" if dtype.is_floating_point else "hold real floats"
    with explained(TypeError, f"MultiHeadAttention: {name} must {words}", str(dtype)):
        layer(**{"x": right} | {name: wrong})


@pytest.mark.bad_input
@pytest.mark.parametrize("wrong", [None, [[1.0]], 3])
def test_no_tensor(explained, wrong):
    layer = make(8, 2)
    with explained(TypeError, "MultiHeadAttention: x must be a torch.Tensor", type(wrong).__name__):
        layer(wrong)


@pytest.mark.bad_input
@pytest.mark.parametrize("dtype", [torch.int64, torch.uint8, torch.float64])
def test_case_06_and_07_masks_of_numbers(explained, dtype):
    layer, x, mask = make(8, 2), normal(2, 5, 8), torch.ones(5, 5, dtype=dtype)
    with explained(TypeError, "MultiHeadAttention: mask must be bool", "mask.bool()"):
        layer(x, mask=mask)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "shape", [(5, 4), (5, 6), (5, 0), (2, 5), (5,), (2, 5, 5), (3, 1, 5, 5), (2, 4, 5, 5)]
)
def test_case_09_and_10_masks_of_the_wrong_shape(explained, shape):
    layer, x, mask = make(8, 2), normal(2, 5, 8), torch.ones(shape, dtype=torch.bool)
    with explained(ValueError, f"mask of shape {shape}", "5 queries and 5 keys", "(2, 2, 5, 5)"):
        layer(x, mask=mask)


@pytest.mark.bad_input
def test_case_10_a_mask_of_batch_and_tokens_gets_the_advice_that_works(explained):
    layer, x, mask = make(8, 2), normal(2, 5, 8), padding_mask(torch.tensor([5, 3]), 5)
    flat = mask[:, 0, 0]
    with explained(ValueError, "MultiHeadAttention: mask", "(2, 5)", "write mask[:, None, None]"):
        layer(x, mask=flat)
    checks.same(layer(x, mask=flat[:, None, None]), layer(x, mask=mask), 0)


@pytest.mark.bad_input
def test_case_12_causal_with_more_queries_than_keys_and_of_another_type(explained):
    layer, x, memory = make(8, 2), normal(2, 5, 8), normal(2, 3, 8)
    with explained(ValueError, "MultiHeadAttention: causal queries", "5 queries and 3 keys"):
        layer(x, memory=memory, causal=True)
    for around in ({}, {"mask": causal_mask(5)}, {"memory": x}):
        with explained(TypeError, "MultiHeadAttention: causal must be True or False"):
            layer(x, **around, causal=None)


@pytest.mark.bad_input
def test_case_10_a_mask_counts_the_cached_keys(explained):
    layer, x, mask, cache = make(8, 2), normal(2, 5, 8), causal_mask(5), KVCache(10)
    layer(x[:, :3], cache=cache)
    with explained(ValueError, "mask of shape (5, 5)", "5 queries and 8 keys"):
        layer(x, mask=mask, cache=cache)
    assert cache.length == 3


@pytest.mark.bad_input
@pytest.mark.parametrize("name", ["x", "memory", "mask"])
def test_case_20_another_device(explained, name):
    inputs = {"x": normal(2, 5, 8), "memory": normal(2, 5, 8), "mask": causal_mask(5)}
    layer, wrong = make(8, 2), inputs[name].to("meta")
    with explained(TypeError, f"MultiHeadAttention: {name} ", "meta", "cpu"):
        layer(**inputs | {name: wrong})
