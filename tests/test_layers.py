import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from attention_book import (
    Block,
    Config,
    FeedForward,
    KVCache,
    LayerNorm,
    causal_mask,
    checks,
    padding_mask,
    record,
    reference,
)
from attention_book.layers import Residual

SIZES = {"vocab_size": 10, "max_len": 16, "d_model": 12, "n_heads": 3, "n_layers": 1, "d_ff": 20}


def normal(*shape, seed=0):
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def shaken(module):
    """In float64 and evaluation, with no parameter left at 0 or 1."""
    with torch.no_grad():
        for p in module.double().parameters():
            p.add_(torch.randn_like(p) * 0.3)
    return module.eval().requires_grad_(False)


def block(cross=False, **options):
    torch.manual_seed(0)
    return shaken(Block(Config(**SIZES | options), cross=cross))


ORDERS = pytest.mark.parametrize("norm_first", [True, False])
ACTIVATIONS = pytest.mark.parametrize("activation", ["relu", "gelu"])


def peer_of(ours, peer, config):
    """PyTorch's encoder or decoder layer with the same weights."""
    options = {"activation": config["activation"], "norm_first": config["norm_first"]}
    sizes = (SIZES["d_model"], SIZES["n_heads"], SIZES["d_ff"])
    peer = peer(*sizes, **options, dropout=0.0, batch_first=True, bias=config["bias"]).double()
    attentions = {"self_attn": ours.attention, "multihead_attn": ours.cross_attention}
    residuals = (ours.attention_residual, ours.cross_residual, ours.feed_forward_residual)
    names = {"linear1": ours.feed_forward.up_proj, "linear2": ours.feed_forward.down_proj}
    names |= {
        f"norm{i}": residual.norm
        for i, residual in enumerate((r for r in residuals if r is not None), start=1)
    }
    state = {f"{n}.{p}": x for n, module in names.items() for p, x in module.state_dict().items()}
    for name, module in attentions.items():
        if module is not None:
            qkv = (module.q_proj, module.k_proj, module.v_proj)
            state[f"{name}.in_proj_weight"] = torch.cat([p.weight for p in qkv])
            if config["bias"]:
                state[f"{name}.in_proj_bias"] = torch.cat([p.bias for p in qkv])
            for p, x in module.o_proj.state_dict().items():
                state[f"{name}.out_proj.{p}"] = x
    peer.load_state_dict(state)
    return peer.eval()


@ORDERS
@ACTIVATIONS
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("masked", [True, False])
def test_equal_to_torchs_encoder_layer(norm_first, activation, bias, masked):
    config = {"norm_first": norm_first, "activation": activation, "bias": bias}
    ours, x = block(**config), normal(2, 5, 12)
    mask = causal_mask(5) if masked else None
    peer = peer_of(ours, nn.TransformerEncoderLayer, config)
    checks.same(ours(x, mask=mask), peer(x, src_mask=None if mask is None else ~mask))


@ORDERS
@ACTIVATIONS
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("n_queries, n_keys", [(5, 5), (4, 7), (7, 4), (1, 3)])
def test_equal_to_torchs_decoder_layer(norm_first, activation, bias, n_queries, n_keys):
    config = {"norm_first": norm_first, "activation": activation, "bias": bias}
    ours = block(cross=True, **config)
    x, memory = normal(3, n_queries, 12), normal(3, n_keys, 12, seed=1)
    causal = causal_mask(n_queries)
    real = padding_mask(torch.tensor([n_keys, 2, 1]), n_keys)
    expected = peer_of(ours, nn.TransformerDecoderLayer, config)(
        x, memory, tgt_mask=~causal, memory_key_padding_mask=~real[:, 0, 0]
    )
    checks.same(ours(x, mask=causal, memory=memory, memory_mask=real), expected)


@pytest.mark.parametrize("width", [1, 2, 7, 64])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("eps", [1e-5, 1e-12, 0.1])
def test_layer_norm_is_torchs_and_the_specification(width, bias, eps):
    ours, x = shaken(LayerNorm(width, eps=eps, bias=bias)), normal(3, 4, width) * 5 + 2
    peer = nn.LayerNorm(width, eps=eps, bias=bias).double()
    peer.load_state_dict(ours.state_dict())
    checks.same(ours(x), peer(x))
    b = 0.0 if ours.bias is None else ours.bias.numpy()
    checks.same(ours(x), reference.layer_norm(x.numpy(), ours.weight.numpy(), b, eps))


def test_layer_norm_divides_by_the_width_not_by_one_less():
    checks.same(LayerNorm(2, eps=1e-12).double()(torch.tensor([[3.0, 5.0]]).double()), [[-1, 1]])


def test_layer_norm_starts_as_the_plain_norm():
    x = normal(50, 8) * 3 + 1
    y = LayerNorm(8).double()(x)
    checks.same(y.mean(-1), torch.zeros(50))
    checks.same(y.var(-1, unbiased=False), torch.ones(50), 1e-4)


@pytest.mark.parametrize(
    "activation, f",
    [("relu", reference.relu), ("gelu", reference.gelu), ("gelu_tanh", reference.gelu_tanh)],
)
@pytest.mark.parametrize("bias", [True, False])
def test_feed_forward_is_the_specification(activation, f, bias):
    ours, x = shaken(FeedForward(6, 11, activation=activation, bias=bias)), normal(2, 3, 6)
    up, down = (
        {"weight": p.weight.T.numpy()} | ({"bias": p.bias.numpy()} if bias else {})
        for p in (ours.up_proj, ours.down_proj)
    )
    checks.same(ours(x), reference.feed_forward(x.numpy(), up, down, activation=f))


@pytest.mark.bad_input  # of no bad kind: the signatures say int and float
@pytest.mark.parametrize("kind", [np.int64, np.uint8, np.array, torch.tensor])
def test_case_65_sizes_of_other_kinds(kind):
    assert FeedForward(kind(6), kind(11)).up_proj.weight.shape == (11, 6)
    assert LayerNorm(kind(6), eps=np.float32(0.5)).eps == 0.5


def test_feed_forward_sees_one_token_at_a_time():
    ours, x = shaken(FeedForward(6, 11)), normal(2, 3, 6)
    checks.same(ours(x)[:, 1], ours(x[:, 1]))


def test_the_tap_holds_the_neurons():
    ours, x = shaken(FeedForward(6, 11)), normal(2, 3, 6)
    with record(ours) as maps:
        ours(x)
    checks.same(maps["hidden"][0], ours.up_proj(x).relu())
    with record(ours, replace={"hidden": torch.zeros_like}):
        checks.same(ours(x), ours.down_proj.bias.expand(2, 3, 6))


def test_where_the_norm_stands():
    x, double = normal(1, 2, 12), lambda x: 2 * x
    first, last = (shaken(Residual(Config(**SIZES, norm_first=order))) for order in (True, False))
    checks.same(first(x, double), x + 2 * first.norm(x))
    checks.same(last(x, double), last.norm(3 * x))


def test_dropout_falls_on_the_sublayer_not_on_the_path():
    residual = Residual(Config(**SIZES, dropout=0.5)).double().train()
    output = residual(torch.full((4, 50, 12), 10.0).double(), torch.ones_like)
    assert set(output.unique().tolist()) == {10.0, 12.0}


@ORDERS
def test_case_29_dropout_is_off_in_evaluation(norm_first):
    x, plain = normal(2, 5, 12), block(norm_first=norm_first)
    ours = block(norm_first=norm_first, dropout=0.5)
    assert torch.equal(ours(x), ours(x))
    checks.same(ours(x), plain(x))
    ours.train()
    assert not torch.equal(ours(x), ours(x))


@ORDERS
def test_the_settings_reach_every_part(norm_first):
    ours = Block(Config(**SIZES, norm_first=norm_first, dropout=0.3, norm_eps=0.25), cross=True)
    assert {m.p for m in ours.modules() if isinstance(m, nn.Dropout)} == {0.3}
    assert {m.eps for m in ours.modules() if isinstance(m, LayerNorm)} == {0.25}
    assert {m.norm_first for m in ours.modules() if isinstance(m, Residual)} == {norm_first}
    unbiased = Block(Config(**SIZES, bias=False), cross=True)
    assert not [name for name, _ in unbiased.named_parameters() if name.endswith("bias")]


@ORDERS
@settings(max_examples=40)
@given(sizes=st.lists(st.integers(1, 4), min_size=1, max_size=6))
def test_case_34_every_way_to_cut_a_decoders_input(norm_first, sizes):
    ours, n = block(cross=True, norm_first=norm_first), sum(sizes)
    x, memory, cache = normal(2, n, 12), normal(2, 3, 12, seed=1), KVCache(n)
    real = padding_mask(torch.tensor([3, 2]), 3)
    outputs = []
    for piece in x.split(sizes, dim=1):
        outputs.append(ours(piece, memory=memory, memory_mask=real, causal=True, cache=cache))
    full = ours(x, memory=memory, memory_mask=real, mask=causal_mask(n))
    checks.same(torch.cat(outputs, dim=1), full)


@ORDERS
@pytest.mark.parametrize("padded", [False, True])
def test_case_11_causality_as_a_fact_equals_the_mask(norm_first, padded):
    ours, x, memory = block(cross=True, norm_first=norm_first), normal(2, 5, 12), normal(2, 3, 12)
    padding = padding_mask(torch.tensor([5, 2]), 5) if padded else None
    mask = causal_mask(5) if padding is None else causal_mask(5) & padding
    got = ours(x, memory=memory, mask=padding, causal=True)
    checks.same(got, ours(x, memory=memory, mask=mask))


@ORDERS
def test_causality(norm_first):
    ours = block(norm_first=norm_first)
    checks.causal(lambda x: ours(x[None], causal=True)[0], normal(6, 12))


@pytest.mark.parametrize("dtype, tolerance", [(torch.float64, 1e-12), (torch.float32, 1e-5)])
def test_case_16_a_batch_equals_its_rows(dtype, tolerance):
    ours, x = block().to(dtype), normal(8, 9, 12).to(dtype)
    checks.same(ours(x), torch.cat([ours(row) for row in x.split(1)]), tolerance)


@pytest.mark.parametrize("shape", [(0, 3, 12), (2, 0, 12), (0, 0, 12)])
def test_case_24_nothing_in_nothing_out(shape):
    assert block()(normal(*shape)).shape == shape


def test_names_of_the_taps_and_what_they_hold():
    ours, x, memory = block(cross=True), normal(2, 5, 12), normal(2, 3, 12)
    with record(ours) as maps:
        y = ours(x, memory=memory)
    assert {name: tuple(value.shape) for name, (value,) in maps.items()} == {
        "attention.weights": (2, 3, 5, 5),
        "cross_attention.weights": (2, 3, 5, 3),
        "feed_forward.hidden": (2, 5, 20),
        "output": (2, 5, 12),
    }
    assert maps["output"][0] is y


@pytest.mark.parametrize("cross", [True, False])
def test_gradients_reach_every_parameter(cross):
    ours = block(cross=cross).train().requires_grad_()
    memory = normal(2, 3, 12, seed=1) if cross else None
    ours(normal(2, 5, 12), causal=True, memory=memory).square().sum().backward()
    for name, p in ours.named_parameters():
        # a bias of all keys shifts every score of a query alike, and softmax does not see it
        assert p.grad.abs().sum() > 0 or name.endswith("k_proj.bias")


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: LayerNorm(0), "LayerNorm: d_model must be at least 1"),
        (lambda: LayerNorm(8.0), "LayerNorm: d_model must be an int"),
        (lambda: LayerNorm(8, eps=0), "LayerNorm: eps must be positive"),
        (lambda: LayerNorm(8, eps="small"), "LayerNorm: eps must be a number"),
        (lambda: LayerNorm(8, bias=None), "LayerNorm: bias must be True or False"),
        (lambda: FeedForward(0, 8), "FeedForward: d_model must be at least 1"),
        (lambda: FeedForward(8, 0), "FeedForward: d_ff must be at least 1"),
        (lambda: FeedForward(8, True), "FeedForward: d_ff must be an int"),
        (lambda: FeedForward(8, 8, bias="no"), "FeedForward: bias must be True or False"),
        (lambda: FeedForward(8, 8, activation="swish"), "FeedForward: activation must be one of"),
        (lambda: FeedForward(8, 8, activation=F.relu), "FeedForward: activation must be one of"),
        (lambda: Block({"d_model": 8}), "Block: config must be a Config, got dict"),
        (lambda: Block(None), "Block: config must be a Config, got NoneType"),
        (lambda: Residual(12), "Residual: config must be a Config, got int"),
        (lambda: Block(Config(**SIZES), cross=1), "Block: cross must be True or False"),
    ],
)
def test_case_19_and_30_constructors(refused, make, words):
    with refused((TypeError, ValueError), words):
        make()


@pytest.mark.bad_input
@pytest.mark.parametrize("make", [lambda: LayerNorm(12), lambda: FeedForward(12, 8)])
@pytest.mark.parametrize(
    "x, error, words",
    [
        (None, TypeError, "x must be a torch.Tensor"),
        ([[1.0]], TypeError, "x must be a torch.Tensor"),
        (torch.ones(2, 11), ValueError, "(..., 12), got shape (2, 11)"),
        (torch.ones(12, 2), ValueError, "(..., 12), got shape (12, 2)"),
        (torch.ones(()), ValueError, "(..., 12), got shape ()"),
        (torch.ones(2, 12).double(), TypeError, "torch.float64"),
        (torch.ones(2, 12).long(), TypeError, "torch.int64"),
    ],
)
def test_case_18_and_20_vectors_that_do_not_fit(explained, make, x, error, words):
    module = make()
    with explained(error, f"{type(module).__name__}: x must", words):
        module(x)


X, MEMORY, ONES = torch.ones(2, 5, 12).double(), torch.ones(2, 3, 12).double(), torch.ones
SOURCE = padding_mask(torch.tensor([3, 2]), 3)


@pytest.mark.bad_input
@ORDERS
@pytest.mark.parametrize(
    "cross, arguments, error, words",
    [
        (False, {"x": X[0]}, ValueError, "x must be (batch, tokens, 12)"),
        (False, {"x": X[..., :5]}, ValueError, "x must be (batch, tokens, 12)"),
        (False, {"x": X.float()}, TypeError, "x must have the dtype"),
        (False, {"x": X.tolist()}, TypeError, "x must be a torch.Tensor"),
        (False, {"mask": ONES(5, 5)}, TypeError, "mask must be bool"),
        (False, {"mask": causal_mask(4)}, ValueError, "mask of shape (4, 4)"),
        (False, {"mask": SOURCE}, ValueError, "mask of shape (2, 1, 1, 3)"),
        (False, {"mask": "causal"}, TypeError, "mask must be a torch.Tensor"),
        (False, {"cache": [KVCache(9)]}, TypeError, "cache must be one KVCache"),
        (False, {"cache": KVCache(4)}, ValueError, "5 more do not fit"),
        (False, {"memory": MEMORY}, ValueError, "no cross-attention"),
        (False, {"memory_mask": SOURCE}, ValueError, "no cross-attention"),
        (True, {}, TypeError, "with cross-attention: memory must be a Tensor"),
        (True, {"memory": MEMORY[:1]}, ValueError, "memory must have the batch of x"),
        (True, {"memory": MEMORY[..., :4]}, ValueError, "memory must be (batch, tokens, 12)"),
        (True, {"memory": MEMORY.float()}, TypeError, "memory must have the dtype"),
        (True, {"memory": MEMORY[0]}, ValueError, "memory must be (batch, tokens, 12)"),
        (True, {"memory": 3}, TypeError, "with cross-attention: memory must be a Tensor"),
        (
            True,
            {"memory": MEMORY, "memory_mask": ONES(5, 3)},
            TypeError,
            "memory_mask must be bool",
        ),
        (
            True,
            {"memory": MEMORY, "memory_mask": causal_mask(5)},
            ValueError,
            "memory_mask of shape (5, 5) does not fit 5 queries and 3 keys",
        ),
    ],
)
def test_case_10_17_18_20_33_a_block_explains(
    explained, norm_first, cross, arguments, error, words
):
    ours = block(cross=cross, norm_first=norm_first)
    with explained(error, "Block", words):
        ours(**{"x": X} | arguments)


@pytest.mark.bad_input
def test_case_35_another_memory_leaves_the_cache_as_it_was(explained):
    ours, cache = block(cross=True), KVCache(9)
    ours(X[:, :2], memory=MEMORY, cache=cache)
    x, other = X[:, :1], MEMORY.clone()
    with explained(ValueError, "Block: the cache keeps the keys and values of another memory"):
        ours(x, memory=other, cache=cache)
    assert cache.length == 2
