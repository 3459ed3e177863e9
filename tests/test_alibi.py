import math

import pytest
import torch
import torch.nn.functional as F

from attention_book import KVCache, checks, record
from attention_book.alibi import ALiBi
from tests.models.drawn import randomized


def normal(*shape, seed=0):
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


@pytest.fixture
def attend():
    return randomized(ALiBi(24, 4))


def test_equals_torch_with_the_bias_of_the_paper(attend):
    x = normal(2, 7, 24)
    q, k, v = (attend._split(p(x)) for p in (attend.q_proj, attend.k_proj, attend.v_proj))
    bias = torch.full((4, 7, 7), -math.inf, dtype=torch.float64)
    for h, slope in enumerate((1 / 4, 1 / 16, 1 / 64, 1 / 256)):
        for i in range(7):
            for j in range(i + 1):
                bias[h, i, j] = -slope * (i - j)
    heads = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
    checks.same(attend(x, causal=True), attend.o_proj(heads.transpose(1, 2).flatten(2)))


@pytest.mark.parametrize("sizes", [[1] * 7, [4, 1, 2]])
@pytest.mark.parametrize("n_kv_heads", [4, 2, 1])
def test_cache_and_full_agree(n_kv_heads, sizes):
    attend = randomized(ALiBi(24, 4, n_kv_heads=n_kv_heads))
    x, cache = normal(2, 7, 24), KVCache(7)
    pieces = [attend(piece, causal=True, cache=cache) for piece in x.split(sizes, dim=1)]
    checks.same(torch.cat(pieces, dim=1), attend(x, causal=True))


def test_weights_are_recorded_and_never_ahead(attend):
    with record(attend) as seen:
        attend(normal(1, 5, 24), causal=True)
    checks.rows_sum_to_one(seen["weights"][0])
    assert seen["weights"][0].triu(1).eq(0).all()


def test_equal_tokens_are_weighed_by_distance(attend):
    with record(attend) as seen:
        attend(normal(1, 1, 24).expand(1, 5, 24), causal=True)
    last = seen["weights"][0][0, :, -1]
    checks.same(
        last[:, 1:] / last[:, :-1],
        torch.tensor([[0.25], [1 / 16], [1 / 64], [1 / 256]]).exp().expand(4, 4),
        1e-6,
    )


def test_slopes_are_as_exact_as_the_model():
    attend = randomized(ALiBi(24, 3))
    with record(attend) as seen:
        attend(normal(1, 1, 24).expand(1, 2, 24), causal=True)
    last = seen["weights"][0][0, :, -1]
    slopes = torch.tensor([2 ** (-8 * h / 3) for h in (1, 2, 3)], dtype=torch.float64)
    checks.same((last[:, 1] / last[:, 0]).log(), slopes, 1e-12)


def test_a_window_is_refused_and_not_ignored(attend):
    attend.window = 2
    with pytest.raises(ValueError, match="no mask and no window"):
        attend(normal(1, 5, 24), causal=True)


@pytest.mark.parametrize("view", [{}, {"causal": True, "mask": torch.ones(5, 5).bool()}])
def test_other_views_are_refused(attend, view):
    with pytest.raises(ValueError, match="ALiBi: the view is causal and takes no mask"):
        attend(normal(1, 5, 24), **view)
