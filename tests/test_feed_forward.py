"""The gated feed-forward, and views that go only so far back."""

import pytest
import torch
import torch.nn.functional as F

from attention_book import GPT, FeedForward, GatedFeedForward, KVCache, checks, record, window_mask
from tests.models.drawn import random_ids, randomized, small


def normal(*shape, seed=0):
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(
    "activation, function", [("silu", F.silu), ("gelu", F.gelu), ("relu", F.relu)]
)
def test_equals_the_formula(bias, activation, function):
    ours, x = randomized(GatedFeedForward(6, 9, activation=activation, bias=bias)), normal(2, 5, 6)
    hidden = function(ours.gate_proj(x)) * ours.up_proj(x)
    checks.same(ours(x), ours.down_proj(hidden))
    with record(ours) as seen:
        ours(x)
    checks.same(seen["hidden"][0], hidden)


def test_equals_hugging_face():
    llama = pytest.importorskip("transformers.models.llama.modeling_llama")
    config = pytest.importorskip("transformers").LlamaConfig(
        hidden_size=6, intermediate_size=9, num_attention_heads=2
    )
    peer, ours = randomized(llama.LlamaMLP(config)), GatedFeedForward(6, 9, bias=False).double()
    ours.load_state_dict(peer.state_dict())
    checks.same(ours(normal(2, 5, 6)), peer(normal(2, 5, 6)))


def test_gates_of_one_make_it_plain():
    gated, plain = randomized(GatedFeedForward(6, 9, activation="relu")), FeedForward(6, 9).double()
    gated.gate_proj.weight.zero_(), gated.gate_proj.bias.fill_(1.0)
    plain.load_state_dict({n: x for n, x in gated.state_dict().items() if "gate" not in n})
    with record(plain, replace={"hidden": lambda _: plain.up_proj(normal(5, 6))}):
        checks.same(gated(normal(5, 6)), plain(normal(5, 6)))


def test_a_gpt_with_gates():
    model = randomized(GPT(small(feed_forward="gated", activation="silu", d_ff=16)))
    assert model.blocks[0].feed_forward.gate_proj.weight.shape == (16, 24)
    checks.causal(model, random_ids(2, 8))


@pytest.mark.parametrize("sizes", [[9], [1] * 9, [4, 1, 3, 1]])
@pytest.mark.parametrize("window", [0, 3, 50, (2, None, 4)])
def test_cache_and_full_agree_within_a_window(sizes, window):
    model, ids = randomized(GPT(small(window=window, n_kv_heads=2))), random_ids(2, 9)
    caches = [KVCache(9) for _ in model.blocks]
    pieces = [model(piece, caches=caches) for piece in ids.split(sizes, dim=1)]
    checks.same(torch.cat(pieces, dim=1), model(ids))


def test_a_window_is_its_mask():
    model, ids = randomized(GPT(small(window=(2, None, 4)))), random_ids(1, 9)
    with record(model) as seen:
        model(ids)
    for i, window in enumerate((2, 8, 4)):
        sees = seen[f"blocks.{i}.attention.weights"][0] > 0
        assert torch.equal(sees, window_mask(9, window).expand(1, 4, 9, 9))


@pytest.mark.bad_input
def test_errors(refused):
    model, x = GatedFeedForward(6, 9), torch.zeros(3, 7)
    with refused(ValueError, "GatedFeedForward: x must be (..., 6)", "(3, 7)"):
        model(x)
    with refused(ValueError, "Config: feed_forward must be one of plain, gated"):
        small(feed_forward="swiglu")
    with refused(ValueError, "Config: window must be at least 0"):
        small(window=-1)
    with refused(ValueError, "Config: window must have one value for each of 3 blocks"):
        small(window=(1, None))
    block, tokens = GPT(small(window=2)).blocks[0], torch.zeros(1, 5, 24)
    with refused(
        ValueError, "MultiHeadAttention: a window of 2 must look back only", "causal=True"
    ):
        block.attention(tokens)
