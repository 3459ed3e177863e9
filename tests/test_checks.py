"""Every check passes what is right, and tells what is wrong with what is not."""

import numpy as np
import pytest
import torch
from scipy.optimize import nnls

from attention_book import GPT, Config, KVCache, attention, attention_weights, causal_mask, checks
from attention_book.checks.mixtures import gap

RNG = np.random.default_rng(0)
Q, K, V = (RNG.normal(size=(4, 3)) for _ in range(3))
T = torch.from_numpy


def softmax(x, axis):
    e = np.exp(x)
    return e / e.sum(axis, keepdims=True)


def fails(text):
    return pytest.raises(AssertionError, match=text)


@pytest.mark.parametrize("kind", [np.asarray, torch.tensor])
def test_same(kind):
    checks.same(kind([1.0, np.inf]), kind([1.0 + 1e-13, np.inf]))
    checks.same(kind([1, 2]), [1, 2])
    checks.same(kind([True, False]), [1, 0])
    with fails(r"1 of 2 numbers differ by more than 1e-12; .* at \[1\]: 2 against 2.5"):
        checks.same(kind([1.0, 2.0]), kind([1.0, 2.5]))
    with fails(r"shapes differ: \(2,\) against \(2, 1\)"):
        checks.same(kind([1.0, 2.0]), kind([[1.0], [2.0]]))
    with fails("nan against nan"):
        checks.same(kind([np.nan]), kind([np.nan]))


def test_same_reads_tensors_that_have_gradients_and_half_precision():
    checks.same(torch.ones(2, requires_grad=True), torch.ones(2, dtype=torch.bfloat16))


def test_rows_sum_to_one():
    checks.rows_sum_to_one(attention_weights(T(Q), T(K)))
    with fails(r"row \[0\] .* the softmax ran down the queries"):
        checks.rows_sum_to_one(softmax(Q @ K.T, axis=0))
    with fails("set to zero after the softmax"):
        checks.rows_sum_to_one(np.tril(softmax(Q @ K.T, axis=1)))
    with fails("never divided by their sum"):
        checks.rows_sum_to_one(1 + np.exp(Q @ K.T))
    with fails(r"weight at \[0, 1\] is -1, .* the softmax is missing"):
        checks.rows_sum_to_one(np.array([[2.0, -1.0]]))
    with fails("sums to nan"):
        checks.rows_sum_to_one(np.array([[0.0, np.nan]]))


def test_inside_hull():
    checks.inside_hull(attention(*map(T, (Q, K, V))), V)
    with fails("row 0 is no mixture of the values"):
        checks.inside_hull(softmax(Q @ K.T @ V, axis=1), V)
    with fails("no mixture"):
        checks.inside_hull(2 * softmax(Q @ K.T, axis=1) @ V, V)
    with fails("as wide as the values"):
        checks.inside_hull(V[:, :2], V)


def test_inside_hull_is_finer_than_a_box():
    corners = np.array([[0.0, 0.0], [1.0, 1.0]])
    checks.inside_hull(np.array([[0.5, 0.5]]), corners)
    with fails("no mixture"):
        checks.inside_hull(np.array([[0.0, 1.0]]), corners)


def test_inside_hull_tells_numbers_that_are_not_finite():
    for output, values in (([[np.nan]], [[1.0]]), ([[1.0]], [[np.inf]])):
        with fails("no mixture of the values"):
            checks.inside_hull(np.array(output), np.array(values))


def test_the_distance_from_a_hull_is_that_of_scipys_least_squares():
    for case in range(300):
        n, width = RNG.integers(1, 20, size=2)
        corners = RNG.normal(size=(n, width)) if case % 3 else RNG.integers(-1, 2, (n, width))
        inside = RNG.dirichlet(np.full(n, 0.1)) @ corners
        for point in (inside, corners[-1], 1.001 * inside, RNG.normal(size=width)):
            columns = np.vstack([corners.T, np.ones(n)])
            expected = nnls(columns, np.append(point, 1.0))[1]
            assert abs(gap(point, corners) - expected) <= 1e-10


@pytest.mark.parametrize("kind", [np.asarray, T])
def test_causal(kind):
    def masked(x):
        x = torch.as_tensor(x)
        return attention(x, x, x, causal_mask(len(x)))

    checks.causal(masked, kind(Q))
    with fails("row 0 changed when token 1 changed: the mask lets the future in"):
        checks.causal(lambda x: attention(*[torch.as_tensor(x)] * 3), kind(Q))
    with fails("row 1 changed when token 2 changed"):
        checks.causal(
            lambda x: np.asarray(x) + np.roll(x, -1, 0) * (np.arange(4) == 1)[:, None], kind(Q)
        )
    with fails(r"must give 4 rows, one per token, got shape \(3,\)"):
        checks.causal(lambda x: np.asarray(x).sum(0), kind(Q))


def test_causal_over_word_ids():
    ids, table = torch.tensor([[1, 0, 2]]), torch.eye(3)
    checks.causal(lambda ids: table[ids].cumsum(1), ids)
    with fails("row 0 changed when token 1 changed"):
        checks.causal(lambda ids: table[ids].flip(1).cumsum(1).flip(1), ids)


def test_causal_tries_more_than_one_token():
    def sees_twins(ids):
        return (ids == np.roll(ids, -1))[:, None]

    with fails("row 0 changed when token 1 changed"):
        checks.causal(sees_twins, np.array([4, 2, 3]))
    with fails("row 0 changed when token 1 changed"):
        checks.causal(lambda x: sees_twins(x[:, 0]), Q)


def test_causal_finds_a_mask_that_only_subtracts():
    def subtracting(x):
        scores = x @ x.T - 1e4 * ~causal_mask(len(x)).numpy()
        return torch.as_tensor(scores).softmax(-1) @ torch.as_tensor(x)

    with fails("the mask lets the future in"):
        checks.causal(subtracting, np.array([[2.0, 1.0], [1.0, 3.0], [2.0, 2.0]]))


@pytest.mark.parametrize("late", range(3, 8))
def test_causal_finds_a_single_late_leak(late):
    mask = causal_mask(8)
    mask[late - 1, late] = True
    with fails(f"row {late - 1} changed when token {late} changed"):
        checks.causal(
            lambda x: attention(*[torch.as_tensor(x)] * 3, mask),
            np.random.default_rng(0).normal(size=(8, 4)),
        )


def test_causal_leaves_its_input_alone():
    before = Q.copy()
    checks.causal(lambda x: np.cumsum(x, 0), Q)
    assert np.array_equal(before, Q)


def test_permutation_equivariant():
    checks.permutation_equivariant(lambda x: attention(x, x, x), T(Q))
    with fails("order of the tokens matters"):
        checks.permutation_equivariant(lambda x: attention(x, x, x, causal_mask(4)), T(Q))
    with fails("positions were added"):
        checks.permutation_equivariant(lambda x: x + np.arange(4)[:, None], Q)


@pytest.fixture(scope="module")
def gpt():
    config = Config(vocab_size=5, max_len=6, d_model=8, n_heads=2, n_layers=2)
    return GPT(config).double().eval()


IDS = torch.tensor([[1, 0, 4, 2], [3, 3, 0, 1]])


def test_cache_equals_full(gpt):
    checks.cache_equals_full(gpt, IDS, tolerance=1e-12)


def test_a_cache_that_forgets(gpt):
    class Forgetful(torch.nn.Module):
        config = gpt.config

        def forward(self, ids, caches=None):
            return gpt(ids, caches=caches and [KVCache(6) for _ in caches])

    with fails("tokens 1 to 1, read after 1 cached ones.*places that start again at 0"):
        checks.cache_equals_full(Forgetful(), IDS)


def test_a_cache_that_is_not_empty_at_first(gpt):
    class Twice(torch.nn.Module):
        config = gpt.config

        def forward(self, ids, caches=None):
            return gpt(ids) + (caches is not None)

    with fails("an empty cache already changes the result"):
        checks.cache_equals_full(Twice(), IDS)
