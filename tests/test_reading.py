import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from attention_book import GPT, Config, MultiHeadAttention, checks, record
from attention_book.reading import (
    ablated,
    averaged,
    induction_score,
    previous_token_score,
    resampled,
)

CONFIG = Config(vocab_size=5, max_len=9, d_model=8, n_heads=2, n_layers=2)


def random_weights(rng, batch, heads, length):
    powers = np.tril(rng.random((batch, heads, length, length)) + 0.01)
    return torch.tensor(powers / powers.sum(-1, keepdims=True))


def by_loops(weights, ids):
    """For each head, the weights on what followed each token's last earlier place."""
    found = [[] for _ in range(weights.shape[1])]
    for n, row in enumerate(ids.tolist()):
        for i, token in enumerate(row):
            twins = [j for j in range(i) if row[j] == token]
            if twins:
                for h, kept in enumerate(found):
                    kept.append(float(weights[n, h, i, twins[-1] + 1]))
    return np.mean(found, axis=1)


@given(st.integers(0, 10**6), st.integers(1, 3), st.integers(1, 3), st.integers(7, 12))
def test_induction_is_what_loops_find(seed, batch, heads, length):
    rng = np.random.default_rng(seed)
    weights = random_weights(rng, batch, heads, length)
    ids = torch.tensor(rng.integers(6, size=(batch, length)))
    checks.same(induction_score(weights, ids), by_loops(weights, ids))


@given(st.integers(0, 10**6), st.integers(1, 3), st.integers(2, 9))
def test_previous_token_is_what_loops_find(seed, batch, length):
    weights = random_weights(np.random.default_rng(seed), batch, 2, length)
    pairs = [weights[:, :, i, i - 1] for i in range(1, length)]
    checks.same(previous_token_score(weights), torch.stack(pairs).mean((0, 1)))


def test_a_head_that_does_nothing_else_scores_one():
    ids = torch.tensor([[3, 1, 4, 3, 1, 4, 3]])
    induction, previous = torch.zeros(2, 1, 1, 7, 7, dtype=torch.float64)
    for i in range(7):
        induction[0, 0, i, i - 2 if i >= 3 else 0] = 1
        previous[0, 0, i, max(i - 1, 0)] = 1
    assert induction_score(induction, ids).tolist() == [1]
    assert previous_token_score(previous).tolist() == [1]
    assert induction_score(previous, ids).tolist() == [0]


def test_only_the_last_twin_counts_also_right_before():
    weights = torch.zeros(1, 1, 4, 4)
    weights[0, 0, 2, 2], weights[0, 0, 3, 3], weights[0, 0, 1, 1] = 0.25, 0.75, 0.5
    assert induction_score(weights, torch.tensor([[7, 7, 7, 7]])).tolist() == [0.5]


@pytest.fixture
def model():
    torch.manual_seed(0)
    return GPT(CONFIG).double().eval()


@pytest.fixture
def ids():
    return torch.tensor([[0, 1, 2, 3, 4], [4, 3, 3, 1, 0], [2, 2, 0, 1, 4]])


def heads_of(layer, x):
    """(B, H, T, D) before W_O."""
    with record(layer) as taps:
        layer(x, causal=True)
    v = layer.v_proj(x).unflatten(-1, (layer.n_heads, -1)).transpose(1, 2)
    return taps["weights"][0] @ v


@pytest.mark.parametrize("way", [torch.zeros_like, averaged, resampled])
def test_one_head_is_replaced_and_no_other(way):
    layer = MultiHeadAttention(8, 4, bias=False).double()
    x = torch.randn(3, 5, 8, dtype=torch.float64)
    heads = heads_of(layer, x)
    instead = {
        torch.zeros_like: torch.zeros_like(heads[:, 2]),
        averaged: heads[:, 2].mean(0).expand(3, 5, 2),
        resampled: heads[[2, 0, 1], 2],
    }
    heads[:, 2] = instead[way]
    with ablated(layer, [(0, 2)], way):
        out = layer(x, causal=True)
    checks.same(out, layer.o_proj(heads.transpose(1, 2).flatten(2)))


def test_zeros_are_what_zeros_for_its_weights_are(model, ids):
    def second_off(weights):
        return weights * torch.tensor([1, 0])[:, None, None]

    assert model.blocks[1].attention.v_proj.bias.abs().sum() == 0
    with record(model, replace={"blocks.1.attention.weights": second_off}):
        expected = model(ids)
    with ablated(model, [(1, 1)], torch.zeros_like):
        checks.same(model(ids), expected)


def test_layers_are_counted_from_the_input(model, ids):
    with ablated(model, [(0, 0), (0, 1)], torch.zeros_like), record(model) as first:
        model(ids)
    with record(model) as plain:
        model(ids)
    name = "blocks.{}.attention.weights"
    checks.same(first[name.format(0)][0], plain[name.format(0)][0])
    assert not torch.allclose(first[name.format(1)][0], plain[name.format(1)][0])


def test_a_value_of_another_run_is_put_in(model, ids):
    kept = []
    with ablated(model, [(1, 0)], lambda z: kept.append(z) or z):
        before = model(ids)
    checks.same(before, model(ids))
    with ablated(model, [(1, 0)], lambda z: kept[0]):
        checks.same(model(ids), before)
    with ablated(model, [(1, 0)], lambda z: kept[0].roll(1, 0)):
        patched = model(ids)
    with ablated(model, [(1, 0)], resampled):
        checks.same(model(ids), patched)


def test_afterwards_the_model_is_as_before_also_after_an_error(model, ids):
    before = model(ids)
    for error in (KeyError, KeyboardInterrupt):
        with pytest.raises(error), ablated(model, [(0, 0), (1, 1)], torch.zeros_like):
            raise error
    assert torch.equal(model(ids), before)
    narrow = ablated(model, [(0, 0)], lambda z: z[..., :1])
    with pytest.raises(ValueError, match="what way returns must be torch"), narrow:
        model(ids)
    assert torch.equal(model(ids), before)


def test_two_at_once_and_none(model, ids):
    with ablated(model, [], torch.zeros_like):
        checks.same(model(ids), model(ids))
    with ablated(model, [(0, 1)], torch.zeros_like), ablated(model, [(1, 0)], torch.zeros_like):
        nested = model(ids)
    with ablated(model, [(0, 1), (1, 0)], torch.zeros_like):
        checks.same(model(ids), nested)


def test_gradients_and_half_precision_pass(model, ids):
    with ablated(model, [(1, 0)], averaged):
        model(ids).sum().backward()
    assert model.blocks[1].attention.v_proj.weight.grad.isfinite().all()
    half = model.bfloat16()
    with ablated(half, [(0, 1)], resampled), torch.no_grad():
        assert half(ids).isfinite().all()


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("heads", "way", "kind", "match"),
    [
        ([(2, 0)], averaged, ValueError, r"ablated: the layer of heads\[0\] must be at most 1"),
        ([(0, 0), (1, 2)], averaged, ValueError, r"the head of heads\[1\] must be at most 1"),
        ([(0, -1)], averaged, ValueError, "must be at least 0, got -1"),
        ([0, 1], averaged, TypeError, r"heads\[0\] must be a pair \(layer, head\), got 0"),
        ([(0, 0.5)], averaged, TypeError, "must be an int"),
        ([(0, 0)], "zero", TypeError, "way must be a function of a head's output, got str"),
    ],
)
def test_what_does_not_fit_is_refused(model, heads, way, kind, match):
    with pytest.raises(kind, match=match), ablated(model, heads, way):
        pass


def test_a_model_without_heads_is_refused():
    nothing = ablated(nn.Linear(2, 2), [(0, 0)], averaged)
    with pytest.raises(ValueError, match="no MultiHeadAttention"), nothing:
        pass


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("weights", "ids", "match"),
    [
        (torch.ones(2, 4, 4), torch.zeros(2, 4), r"weights must be \(B, H, T, T\)"),
        (torch.ones(1, 2, 4, 3), torch.zeros(1, 4), "weights must be"),
        (torch.ones(1, 2, 1, 1), torch.zeros(1, 1), "at least two tokens"),
        (torch.ones(1, 2, 4, 4), torch.zeros(1, 3), r"ids must be \(B, T\) = \(1, 4\)"),
        (torch.ones(1, 2, 4, 4), torch.arange(4)[None], "a token that comes twice"),
    ],
)
def test_scores_refuse_what_they_cannot_score(weights, ids, match):
    with pytest.raises(ValueError, match=match):
        induction_score(weights, ids.long())


@pytest.mark.bad_input
def test_a_pattern_must_be_a_tensor():
    with pytest.raises(TypeError, match="weights must be a Tensor"):
        previous_token_score(np.ones((1, 1, 2, 2)))
