import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from transformers import BertConfig, BertModel, GPT2Config, GPT2LMHeadModel

from attention_book import counting

SMALL = st.integers(1, 12)
GPT2_SMALL = (50257, 1024, 768, 12, 12)


def test_published_counts():
    assert counting.gpt_parameters(*GPT2_SMALL) == 124_439_808
    assert counting.bert_parameters(30522, 512, 768, 12, 12) == 109_482_240
    assert counting.feed_forward_parameters(768) == 4_722_432
    assert counting.attention_parameters(512, 8) == 1_050_624
    assert counting.attention_parameters(512, 1) == 1_050_624
    assert counting.attention_parameters(512, 16, d_head=64) == 2_100_736


def test_two_published_miscounts_of_gpt2():
    right = counting.gpt_parameters(*GPT2_SMALL)
    assert right - 12 * (3072 - 768) - 2 * 768 == 124_410_624  # a short bias, no last norm
    assert right - 12 * 3 * 768 == 124_412_160  # no bias on q, k and v


@pytest.mark.parametrize("sizes", [(11, 7, 12, 3, 2), GPT2_SMALL])
def test_gpt_parameters_are_those_of_hugging_face(sizes):
    names = ("vocab_size", "n_positions", "n_embd", "n_head", "n_layer")
    sizes_by_name = dict(zip(names, sizes, strict=True))
    config = GPT2Config(**sizes_by_name, bos_token_id=0, eos_token_id=0)
    with torch.device("meta"):
        model = GPT2LMHeadModel(config)
        model.tie_weights()
    assert counting.count_parameters(model) == counting.gpt_parameters(*sizes)


@pytest.mark.parametrize("sizes", [(11, 7, 12, 3, 2), (30522, 512, 768, 12, 12)])
def test_bert_parameters_are_those_of_hugging_face(sizes):
    vocab_size, max_len, d_model, n_heads, n_layers = sizes
    config = BertConfig(
        vocab_size=vocab_size,
        max_position_embeddings=max_len,
        hidden_size=d_model,
        num_attention_heads=n_heads,
        num_hidden_layers=n_layers,
        intermediate_size=4 * d_model,
        pad_token_id=0,
    )
    with torch.device("meta"):
        model = BertModel(config)
    assert counting.count_parameters(model) == counting.bert_parameters(*sizes)


@given(d_head=SMALL, n_heads=SMALL, bias=st.booleans(), d_ff=SMALL)
def test_the_parameters_of_torch_layers(d_head, n_heads, bias, d_ff):
    d_model = d_head * n_heads
    attention = nn.MultiheadAttention(d_model, n_heads, bias=bias)
    count = counting.count_parameters
    assert count(attention) == counting.attention_parameters(d_model, n_heads, bias=bias)
    assert count(nn.Linear(d_model, d_ff, bias)) == counting.linear_parameters(d_model, d_ff, bias)
    block = nn.TransformerEncoderLayer(d_model, n_heads, d_ff)
    assert count(block) == counting.block_parameters(d_model, n_heads, d_ff)


def test_tied_parameters_are_counted_once():
    first, second = nn.Linear(3, 5), nn.Linear(3, 5)
    second.weight = first.weight
    assert counting.count_parameters(nn.Sequential(first, second)) == 15 + 5 + 5


@given(n_queries=SMALL, n_keys=SMALL, n_heads=SMALL, d_head=SMALL, masked=st.booleans())
def test_attention_macs_are_counted_alike_by_formula_and_by_both_kernels(
    n_queries, n_keys, n_heads, d_head, masked
):
    q, k, v = (torch.randn(1, n_heads, n, d_head) for n in (n_queries, n_keys, n_keys))
    mask = torch.ones(n_queries, n_keys, dtype=torch.bool) if masked else None
    expected = counting.attention_macs(n_queries, n_keys, n_heads * d_head)
    fused = counting.count_macs(F.scaled_dot_product_attention, q, k, v, attn_mask=mask)
    explicit = counting.count_macs(lambda: (q @ k.mT).softmax(-1) @ v)
    assert fused == explicit == expected


@given(n_queries=SMALL, n_keys=SMALL, d_head=SMALL)
def test_head_macs_are_those_of_a_head_with_a_cache(n_queries, n_keys, d_head):
    x, w = torch.randn(n_queries, d_head), torch.randn(d_head, 3 * d_head)
    past = torch.randn(n_keys, d_head)

    def head():
        q, _, _ = (x @ w).chunk(3, -1)
        return (q @ past.T).softmax(-1) @ past

    assert counting.count_macs(head) == counting.head_macs(n_queries, n_keys, d_head)


@pytest.mark.parametrize(("n_tokens", "d_head"), [(1, 4), (5, 8), (20, 3)])
def test_generation_macs_are_those_of_a_head_that_writes(n_tokens, d_head):
    w = torch.randn(d_head, 3 * d_head)
    x = torch.randn(n_tokens, d_head)

    def attend(q, k, v):
        return F.scaled_dot_product_attention(q[None], k[None], v[None])

    def afresh():
        for t in range(1, n_tokens + 1):
            attend(*(x[:t] @ w).chunk(3, -1))

    def cached():
        keys, values = [], []
        for t in range(n_tokens):
            q, k, v = (x[t : t + 1] @ w).chunk(3, -1)
            keys.append(k)
            values.append(v)
            attend(q, torch.cat(keys), torch.cat(values))

    assert counting.count_macs(afresh) == counting.generation_macs(n_tokens, d_head)
    assert counting.count_macs(cached) == counting.cached_generation_macs(n_tokens, d_head)


def test_a_cache_makes_640_times_fewer_multiply_adds_at_a_thousand_tokens():
    ratio = counting.generation_macs(1000, 64) / counting.cached_generation_macs(1000, 64)
    assert round(ratio) == 640


def test_counting_something_else_than_the_formula_would_be_noticed():
    q = torch.randn(1, 2, 5, 4)
    once = counting.count_macs(lambda: (q @ q.mT).softmax(-1))
    assert once * 2 == counting.attention_macs(5, 5, 8)
    assert once != counting.attention_macs(5, 5, 8)


@settings(max_examples=20)
@given(length=SMALL, d_head=SMALL, n_heads=SMALL, d_ff=SMALL)
def test_block_macs_are_those_of_torch(length, d_head, n_heads, d_ff):
    d_model = d_head * n_heads
    block = nn.TransformerEncoderLayer(d_model, n_heads, d_ff, batch_first=True)
    x = torch.randn(1, length, d_model)
    assert counting.count_macs(block, x) == counting.block_macs(length, length, d_model, d_ff)


def test_gpt_macs_are_those_of_hugging_face_with_and_without_a_cache():
    sizes = {"vocab_size": 11, "n_positions": 20, "n_embd": 12, "n_layer": 2, "n_head": 3}
    model = GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=0, eos_token_id=0)).eval()
    ids = torch.arange(10)[None]
    with torch.no_grad():
        full = counting.count_macs(model, ids)
        past = model(ids[:, :7]).past_key_values
        step = counting.count_macs(model, ids[:, 7:], past_key_values=past)
    assert full == counting.gpt_macs(10, 10, 11, 12, 2)
    assert step == counting.gpt_macs(3, 10, 11, 12, 2)


@pytest.mark.parametrize("mode", [torch.enable_grad, torch.no_grad, torch.inference_mode])
def test_products_of_every_kind_are_counted(mode):
    a, b, row, c = torch.randn(3, 4), torch.randn(4, 5), torch.randn(4), torch.randn(2, 3, 4)
    with mode():
        assert counting.count_macs(lambda: a @ b) == 60
        assert counting.count_macs(lambda: a @ row) == 12
        assert counting.count_macs(lambda: row @ row) == 4
        assert counting.count_macs(lambda: c @ b) == 120
        assert counting.count_macs(F.linear, a, b.T, torch.randn(5)) == 60
        assert counting.count_macs(lambda: torch.einsum("bij,bkj->bik", c, c)) == 72
        assert counting.count_macs(F.conv1d, torch.randn(1, 2, 9), torch.randn(3, 2, 4)) == 144
        assert counting.count_macs(lambda: a + 1) == 0


def test_backward_makes_twice_the_multiply_adds_of_forward():
    x, w = (torch.randn(5, 5, requires_grad=True) for _ in range(2))
    assert counting.count_macs(lambda: (x @ w).sum().backward()) == 3 * 125


def test_cache_of_gpt2_small():
    assert counting.cache_bytes(1024, 768, 12) == 36 * 2**20
    layers = [torch.empty(2, 12, 1024, 64, dtype=torch.float16, device="cpu") for _ in range(12)]
    assert counting.count_bytes(*layers) == 36 * 2**20


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64, torch.bool])
def test_bytes_are_those_of_numpy(dtype):
    x = torch.zeros(3, 5, dtype=dtype)
    assert counting.count_bytes(x) == x.numpy().nbytes
    assert counting.count_bytes(x, x.T, x[1:]) == x.numpy().nbytes
    assert counting.count_bytes(x, x.clone()) == 2 * x.numpy().nbytes
    assert counting.count_bytes() == counting.count_bytes(torch.zeros(0)) == 0


def test_the_largest_tensor_of_explicit_attention_is_the_map_and_of_fused_attention_is_not():
    q = torch.randn(1, 2, 512, 8)
    explicit = counting.largest_bytes(lambda: (q @ q.mT).softmax(-1) @ q)
    fused = counting.largest_bytes(F.scaled_dot_product_attention, q, q, q)
    assert explicit == counting.weights_bytes(512, 512, 2)
    assert fused == counting.count_bytes(q)
    assert counting.largest_bytes(lambda: None) == 0
    assert counting.largest_bytes(lambda: q.mT[0, 0, 0]) == 0
    assert counting.largest_bytes(lambda: q[0, 0, 0] + 1) == 8 * 4


FORMULAS = {
    "linear_parameters": 2,
    "attention_parameters": 2,
    "feed_forward_parameters": 1,
    "block_parameters": 2,
    "gpt_parameters": 5,
    "bert_parameters": 5,
    "attention_macs": 3,
    "head_macs": 3,
    "generation_macs": 2,
    "cached_generation_macs": 2,
    "block_macs": 3,
    "gpt_macs": 5,
    "cache_bytes": 3,
    "weights_bytes": 3,
}
BAD_SIZES = [
    (0, ValueError),
    (-1, ValueError),
    (True, TypeError),
    (2.0, TypeError),
    ("2", TypeError),
    (None, TypeError),
    (torch.tensor(2.0), TypeError),
    (torch.tensor([2, 3]), TypeError),
    (np.float64(2), TypeError),
    (np.bool_(True), TypeError),
]


@pytest.mark.bad_input
@pytest.mark.parametrize(("bad", "error"), BAD_SIZES)
@pytest.mark.parametrize("formula", FORMULAS)
def test_case_19_bad_sizes_are_named(formula, bad, error):
    for place in range(FORMULAS[formula]):
        sizes = [4] * FORMULAS[formula]
        sizes[place] = bad
        with pytest.raises(error, match=rf"^{formula}: \w+ must be (an int|at least 1), got"):
            getattr(counting, formula)(*sizes)


@pytest.mark.parametrize("kind", [np.int8, np.uint8, torch.tensor])
@pytest.mark.parametrize("formula", FORMULAS)
def test_case_65_sizes_of_numpy_and_of_torch_give_plain_ints_that_do_not_overflow(formula, kind):
    sizes, calculate = [100] * FORMULAS[formula], getattr(counting, formula)
    assert calculate(*map(kind, sizes)) == calculate(*sizes)
    assert type(calculate(*map(kind, sizes))) is int


@pytest.mark.bad_input
def test_case_19_heads_that_do_not_divide_the_width():
    with pytest.raises(ValueError, match="n_heads must divide d_model, got 5 and 12"):
        counting.attention_parameters(12, 5)
    assert counting.attention_parameters(12, 5, d_head=3) > 0


@pytest.mark.bad_input
@pytest.mark.parametrize("bad", [None, 3, "module", torch.zeros(2), nn.Linear])
def test_what_cannot_be_measured_is_named(bad, refused):
    with refused(TypeError, "count_parameters: expected a module"):
        counting.count_parameters(bad)
    if not isinstance(bad, torch.Tensor):
        with refused(TypeError, "count_bytes: expected tensors"):
            counting.count_bytes(bad)
    if not callable(bad):
        for measure in (counting.count_macs, counting.largest_bytes):
            with refused(TypeError, f"{measure.__name__}: f must be a function"):
                measure(bad)
