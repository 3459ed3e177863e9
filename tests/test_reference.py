import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from attention_book import reference

SCORES = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=1, max_dims=3, max_side=6),
    elements=st.floats(-1e308, 1e308),
)


def test_softmax_of_two_scores_by_hand():
    assert reference.softmax([0.0, math.log(3)]) == pytest.approx([0.25, 0.75], abs=1e-15)


@given(SCORES)
def test_softmax_equals_torch(x):
    expected = F.softmax(torch.from_numpy(x), dim=-1).numpy()
    np.testing.assert_allclose(reference.softmax(x), expected, rtol=1e-12, atol=1e-300)


@given(SCORES, st.floats(-50, 50))
def test_softmax_ignores_a_common_shift(x, shift):
    x = np.clip(x, -100, 100)
    np.testing.assert_allclose(reference.softmax(x + shift), reference.softmax(x), atol=1e-12)


def test_case_25_softmax_is_finite_at_the_edge_of_the_float_range():
    shares = reference.softmax([-1e308, 1e308, 1e308, -math.inf])
    assert shares.tolist() == [0, 0.5, 0.5, 0]


def test_softmax_of_nothing_is_nothing():
    assert reference.softmax([-math.inf, -math.inf]).tolist() == [0, 0]
    assert reference.softmax(np.zeros((2, 0))).shape == (2, 0)


def test_attention_by_hand():
    q, k, v = [[2.0, 0.0]], [[math.log(3) / math.sqrt(2), 9.0], [0.0, 7.0]], [[4.0], [8.0]]
    np.testing.assert_allclose(reference.attention_weights(q, k), [[0.75, 0.25]], atol=1e-15)
    np.testing.assert_allclose(reference.attention(q, k, v), [[5.0]], atol=1e-14)


@pytest.mark.parametrize("masked", [False, True])
def test_attention_equals_torch(masked):
    rng = np.random.default_rng(0)
    q, k, v = (rng.normal(size=(2, 3, n, 8)) for n in (4, 6, 6))
    mask = rng.random((4, 6)) < 0.6 if masked else None
    expected = F.scaled_dot_product_attention(
        *map(torch.from_numpy, (q, k, v)), attn_mask=torch.from_numpy(mask) if masked else None
    )
    np.testing.assert_allclose(reference.attention(q, k, v, mask), expected, rtol=0, atol=1e-12)


def test_a_query_that_sees_nothing_gets_zeros():
    rng = np.random.default_rng(0)
    q, k, v = (rng.normal(size=(3, 4)) for _ in range(3))
    mask = np.array([[True, True, True], [False, False, False], [True, False, True]])
    assert not reference.attention(q, k, v, mask)[1].any()


def test_a_mask_of_numbers_is_refused():
    with pytest.raises(TypeError, match="mask must be bool"):
        reference.attention_weights(np.ones((2, 3)), np.ones((2, 3)), mask=np.ones((2, 2)))
