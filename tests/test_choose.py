"""How the next token is chosen: by the largest logit, or by chance."""

import itertools
import math
from collections import Counter

import numpy as np
import pytest
import torch

from attention_book import greedy, sample

NAN = float("nan")


def test_greedy_takes_the_largest():
    assert greedy(torch.tensor([[1.0, 3.0, 2.0], [-1.0, -2.0, -math.inf]])).tolist() == [1, 0]


def chances(logits, temperature=1.0, top_k=None, top_p=None):
    """By brute force: what may be drawn, and how often, in plain Python."""
    order = sorted(range(len(logits)), key=lambda i: -logits[i])[: top_k or len(logits)]
    shares = {i: math.exp((logits[i] - max(logits)) / temperature) for i in order}
    whole, kept, reached = sum(shares.values()), {}, 0.0
    for i in order:
        if top_p is not None and reached >= top_p:
            break
        kept[i] = shares[i] / whole
        reached += kept[i]
    return {i: share / sum(kept.values()) for i, share in kept.items()}


LOGITS = [0.3, 2.0, -1.0, 1.1, 0.0, -3.0]
GRID = list(itertools.product([0.5, 1.0, 3.0], [None, 1, 2, 6, 9], [None, 0.3, 0.7, 0.95, 1.0]))


@pytest.mark.parametrize(("temperature", "top_k", "top_p"), GRID)
def test_case_51_sampling_equals_brute_force(temperature, top_k, top_p):
    expected = chances(LOGITS, temperature, top_k, top_p)
    choose = sample(temperature, top_k, top_p, torch.Generator().manual_seed(0))
    n = 20_000
    drawn = Counter(choose(torch.tensor([LOGITS], dtype=torch.float64).expand(n, -1)).tolist())
    assert drawn.keys() <= expected.keys()
    for i, share in expected.items():
        assert abs(drawn[i] / n - share) < 5 * math.sqrt(share * (1 - share) / n) + 1e-9


@pytest.mark.parametrize(
    ("top_p", "kept"),
    [(0.5, {0}), (0.50001, {0, 1}), (0.75, {0, 1}), (0.76, {0, 1, 2}), (1.0, {*range(4)})],
)
def test_case_52_top_p_keeps_the_fewest_that_reach_it(top_p, kept):
    logits = torch.tensor([[0.5, 0.25, 0.125, 0.125]], dtype=torch.float64).log().expand(2000, -1)
    choose = sample(top_p=top_p, generator=torch.Generator().manual_seed(0))
    assert set(choose(logits).tolist()) == kept


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_case_51_huge_and_forbidden_logits_in_every_dtype(dtype):
    logits = torch.tensor([[6e4, -6e4, -math.inf, 6e4]], dtype=dtype).expand(500, -1)
    choose = sample(0.01, top_k=3, top_p=0.99, generator=torch.Generator().manual_seed(0))
    assert set(choose(logits).tolist()) == {0, 3}


def test_case_50_the_smallest_temperatures_are_still_finite():
    logits = torch.tensor([[2.0, 5.0, 4.99]])
    for temperature in (1e-5, 1e-40, 1e-300, 5e-324):
        assert sample(temperature)(logits).tolist() == [1]


BAD_SAMPLING = [
    *(({"temperature": t}, "temperature") for t in (-1, -1e-9, NAN, math.inf, "1", None, True)),
    *(({"top_k": k}, "top_k") for k in (0, -1, 1.0, True, "3")),
    *(({"top_p": p}, "top_p") for p in (0, -0.1, 1.5, NAN, math.inf, "1", True)),
    *(({"generator": g}, "generator") for g in (0, "seed", torch.manual_seed)),
]


@pytest.mark.bad_input
@pytest.mark.parametrize(("options", "name"), BAD_SAMPLING)
def test_case_50_bad_sampling(refused, options, name):
    with refused((ValueError, TypeError), "sample: ", name, "must be"):
        sample(**options)


BAD_LOGITS = {
    "list": ([[1.0]], TypeError, "torch.Tensor, got list"),
    "ints": (torch.ones(1, 3, dtype=torch.long), TypeError, "real floats, got torch.int64"),
    "flat": (torch.ones(3), ValueError, "(batch, vocabulary), got shape (3,)"),
    "no vocabulary": (torch.ones(2, 0), ValueError, "(2, 0)"),
    "deep": (torch.ones(2, 2, 3), ValueError, "(2, 2, 3)"),
}


@pytest.mark.bad_input
@pytest.mark.parametrize("choose", [greedy, sample()])
@pytest.mark.parametrize(("logits", "error", "words"), BAD_LOGITS.values(), ids=BAD_LOGITS)
def test_case_51_bad_logits(refused, choose, logits, error, words):
    with refused(error, "logits", words):
        choose(logits)


NOT_FINITE = {
    "all NaN": [NAN] * 4,
    "one NaN": [0.0, 1, NAN, 2],
    "one infinite": [0.0, math.inf, 1, 2],
    "NaN beside infinite": [0.0, math.inf, NAN, 2],
    "nothing allowed": [-math.inf] * 4,
}
CHOICES = {
    "greedy": greedy,
    "temperature 0": sample(0.0),
    "plain": sample(),
    "top_k": sample(top_k=2),
    "top_p": sample(top_p=0.9),
    "all": sample(0.5, top_k=3, top_p=0.5),
}


@pytest.mark.parametrize("row", NOT_FINITE.values(), ids=NOT_FINITE)
@pytest.mark.parametrize("choose", CHOICES.values(), ids=CHOICES)
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16])
def test_case_58_no_token_is_made_up(explained, choose, row, dtype):
    logits, before = torch.tensor([[0.0, 1, 2, 3], row], dtype=dtype), torch.get_rng_state()
    with explained(ValueError, "logits[1]", "no token can be chosen"):
        choose(logits)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.bad_input  # of no bad kind
@pytest.mark.parametrize("kind", [np.float32, np.float64, np.array, torch.tensor])
def test_case_65_real_numbers_of_other_kinds(kind):
    logits = torch.tensor([[0.0, 1.0, 2.0]]).expand(99, -1)
    plain, other = (
        sample(t, top_p=p, generator=torch.Generator().manual_seed(0))(logits)
        for t, p in ((0.5, 0.75), (kind(0.5), kind(0.75)))
    )
    assert torch.equal(plain, other)
    assert sample(kind(0.0)) is greedy
