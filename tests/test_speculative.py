"""A draft guesses, the model checks: what is written keeps the model's chances."""

import itertools
import math
from collections import Counter

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attention_book.generation import generate
from attention_book.models import GPT
from attention_book.speculative import Reader, acceptance, leftover, speculate
from tests.models.drawn import random_ids, randomized, small


def model(seed=0, **sizes):
    made = randomized(GPT(small(tie_embeddings=False, **sizes)), seed, std=1.0)
    for parameter in made.parameters():
        if parameter.ndim == 1:  # loud biases would drown what the model reads
            parameter.fill_(0.5)
    return made


def chances(n, size, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(n, size, dtype=torch.float64, generator=generator).mul(2).softmax(-1)


def law(p, q):
    """The chances of each token at one place: guessed and accepted, or drawn from what is left."""
    return torch.minimum(p, q) + (1 - acceptance(p, q)) * leftover(p, q)


@settings(max_examples=50)
@given(seed=st.integers(0, 2**32), size=st.integers(1, 30))
def test_one_place_keeps_the_chances(seed, size):
    p, q = chances(2, size, seed)
    torch.testing.assert_close(law(p, q), p, rtol=0, atol=1e-15)
    assert acceptance(p, q) == pytest.approx(1 - (p - q).abs().sum().item() / 2)


def test_equal_chances_refuse_nothing():
    p = chances(4, 6)
    assert torch.equal(leftover(p, p), p)
    torch.testing.assert_close(acceptance(p, p), torch.ones(4, dtype=torch.float64))


def test_what_the_draft_never_guesses_comes_from_what_is_left():
    p, q = torch.tensor([[0.5, 0.5, 0.0], [0.0, 0.25, 0.75]]).double()
    assert leftover(p, q).tolist() == pytest.approx([2 / 3, 1 / 3, 0])
    assert acceptance(p, q) == 0.25


def after(reader, text):
    return reader(torch.tensor([text]))[0, -1].double().softmax(-1).tolist()


def written(large, draft, text, n, ahead):
    """All texts of n more tokens with their chances, by following every way a draw can fall."""
    if n == 0:
        return Counter({(): 1.0})
    found = Counter()
    for new, chance in rounds(large, draft, text, min(ahead, n - 1)).items():
        for rest, other in written(large, draft, [*text, *new], n - len(new), ahead).items():
            found[new + rest] += chance * other
    return found


def rounds(large, draft, text, guesses):
    p = torch.tensor(after(large, text), dtype=torch.float64)
    if guesses == 0:
        return Counter({(x,): p[x].item() for x in range(len(p))})
    q = torch.tensor(after(draft, text), dtype=torch.float64)
    kept, refused = torch.minimum(p, q), (1 - acceptance(p, q)) * leftover(p, q)
    found = Counter({(x,): refused[x].item() for x in range(len(p))})
    for x in range(len(p)):
        for rest, chance in rounds(large, draft, [*text, x], guesses - 1).items():
            found[(x, *rest)] += kept[x].item() * chance
    return found


@pytest.mark.parametrize("ahead", [1, 2, 3])
def test_every_way_through_the_rounds_adds_up_to_the_models_chances(ahead):
    large, draft = (model(seed, vocab_size=3, n_layers=1).double() for seed in (1, 2))
    for new, chance in written(large, draft, [0], 4, ahead).items():
        text, expected = [0], 1.0
        for x in new:
            expected *= after(large, text)[x]
            text.append(x)
        assert chance == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("ahead", [1, 2, 5, 30])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_at_temperature_0_it_is_greedy_with_fewer_calls(seed, ahead):
    large, ids = model(seed), random_ids(1, 5)
    expected = torch.cat(list(generate(large, ids, 12)))
    for draft in (model(9), large):
        found = speculate(large, draft, ids, 12, ahead, temperature=0.0)
        assert torch.equal(found.ids, expected)
        assert 0 <= found.accepted <= found.tested
        assert found.accepted + found.calls == 12
    assert found.calls == math.ceil(12 / (min(ahead, 12) + 1))


def test_samples_have_the_models_chances():
    large, draft = (model(seed, vocab_size=3, n_layers=1) for seed in (1, 2))
    generator, n = torch.Generator().manual_seed(0), 500
    ids = torch.zeros(1, 1, dtype=torch.long)
    made = [speculate(large, draft, ids, 3, 2, generator=generator) for _ in range(n)]
    drawn = Counter(tuple(found.ids.tolist()) for found in made)
    for new in itertools.product(range(3), repeat=3):
        text = [0, *new]
        share = math.prod(after(large, text[: i + 1])[text[i + 1]] for i in range(3))
        assert abs(drawn[new] / n - share) < 5 * math.sqrt(share / n)


def test_a_reader_that_forgets_reads_on_as_if_it_had_never_known():
    large, text = model().double(), random_ids(1, 9)[0]
    reader = Reader(large, 12, 1.0)
    reader.chances(text, 9)
    reader.forget(4)
    other = torch.cat((text[:4], text[4:].flip(0)))
    torch.testing.assert_close(reader.chances(other, 5), large(other[None])[0, 4:].softmax(-1))


def test_nothing_comes_after_the_end():
    large, ids = model(1), random_ids(1, 5)
    expected = torch.cat(list(generate(large, ids, 12))).tolist()
    end = expected[6]
    found = speculate(large, large, ids, 12, 4, temperature=0.0, end=end)
    assert found.ids.tolist() == expected[: expected.index(end) + 1]
    assert found.accepted <= found.tested <= len(found.ids)


def test_no_tokens_and_one():
    large, ids = model(), random_ids(1, 3)
    assert speculate(large, large, ids, 0).ids.tolist() == []
    one = speculate(large, large, ids, 1, temperature=0.0)
    assert (len(one.ids), one.calls, one.tested) == (1, 1, 0)


def test_half_precision_and_another_width_of_the_draft():
    large, ids = model().bfloat16(), random_ids(1, 3)
    draft = model(3, d_model=8, n_layers=1)
    found = speculate(large, draft, ids, 9, generator=torch.Generator().manual_seed(1))
    assert found.ids.shape == (9,)


def test_a_generator_repeats_itself_and_nothing_else_is_drawn_from():
    large, draft, ids = model(1), model(2), random_ids(1, 3)
    before = torch.get_rng_state()
    twice = [
        speculate(large, draft, ids, 12, generator=torch.Generator().manual_seed(4)).ids.tolist()
        for _ in range(2)
    ]
    assert twice[0] == twice[1]
    assert torch.equal(torch.get_rng_state(), before)


WRONG = {
    "another vocabulary": (
        lambda m, ids: speculate(m, model(vocab_size=5), ids, 3),
        ValueError,
        "the draft must have the model's vocabulary",
    ),
    "two texts": (
        lambda m, ids: speculate(m, m, ids.repeat(2, 1), 3),
        ValueError,
        r"speculate: ids must be one text, \(1, T\), got \(2, 3\)",
    ),
    "a list": (lambda m, ids: speculate(m, m, [ids[0]], 3), TypeError, "ids must be a Tensor"),
    "no guesses": (
        lambda m, ids: speculate(m, m, ids, 3, 0),
        ValueError,
        "ahead must be at least 1, got 0",
    ),
    "a short draft": (
        lambda m, ids: speculate(m, model(max_len=4), ids, 3),
        ValueError,
        "speculate, draft: a prompt of 3 tokens and 3 more do not fit",
    ),
    "cold": (
        lambda m, ids: speculate(m, m, ids, 3, temperature=-1.0),
        ValueError,
        "temperature must be at least 0",
    ),
    "shapes": (
        lambda m, ids: acceptance(torch.ones(3), torch.ones(4)),
        ValueError,
        "acceptance: draft must have the target's shape",
    ),
    "lists": (lambda m, ids: leftover([1.0], [1.0]), TypeError, "target must be a Tensor"),
}


@pytest.mark.bad_input
@pytest.mark.parametrize("name", WRONG)
def test_bad_input_is_named(name):
    call, kind, words = WRONG[name]
    with pytest.raises(kind, match=words):
        call(model(), random_ids(1, 3))
