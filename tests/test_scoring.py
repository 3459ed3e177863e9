from itertools import product

import pytest
import torch
import torch.nn.functional as F

from attention_book import checks
from attention_book.models import BERT, GPT
from attention_book.scoring import log_likelihood, pseudo_log_likelihood

from .models.drawn import random_ids, randomized, small

MASK = 5


@pytest.fixture
def gpt():
    return randomized(GPT(small()))


@pytest.fixture
def bert():
    return randomized(BERT(small(norm_first=False)))


def test_log_likelihood_adds_up_what_is_said_word_by_word(gpt):
    ids = random_ids(3, 7)
    scores = log_likelihood(gpt, ids)
    for row, score in zip(ids, scores, strict=True):
        said = [gpt(row[None, :t])[0, -1].softmax(-1)[row[t]].log() for t in range(1, 7)]
        checks.same(score, sum(said))


def test_probabilities_of_all_texts_of_a_length_sum_to_one():
    model = randomized(GPT(small(vocab_size=4)))
    texts = torch.tensor([(0, *rest) for rest in product(range(4), repeat=3)])
    checks.same(log_likelihood(model, texts).exp().sum(), 1.0)


def test_log_likelihood_is_pytorchs_cross_entropy(gpt):
    ids = random_ids(3, 7)
    losses = F.cross_entropy(gpt(ids[:, :-1]).mT, ids[:, 1:], reduction="none")
    checks.same(log_likelihood(gpt, ids), -losses.sum(dim=1))


def test_pseudo_log_likelihood_hides_each_word_but_the_first(bert):
    ids = random_ids(2, 6)
    scores = pseudo_log_likelihood(bert, ids, MASK)
    for row, score in zip(ids, scores, strict=True):
        total = 0
        for place in range(1, 6):
            hidden = torch.cat([row[:place], torch.tensor([MASK]), row[place + 1 :]])
            total += bert.logits(bert(hidden[None]))[0, place].softmax(-1)[row[place]].log()
        checks.same(score, total)


def test_the_texts_are_left_as_they_are(bert):
    ids = random_ids(2, 6)
    before = ids.clone()
    pseudo_log_likelihood(bert, ids, MASK)
    assert torch.equal(ids, before)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_one_score_for_each_text_in_the_dtype_of_the_model(gpt, bert, dtype):
    ids = random_ids(4, 2).int()
    for scores in (
        log_likelihood(gpt.to(dtype), ids),
        pseudo_log_likelihood(bert.to(dtype), ids, MASK),
    ):
        assert scores.shape == (4,)
        assert scores.dtype == dtype
        assert (scores < 0).all()


@pytest.mark.bad_input
def test_what_does_not_fit_is_refused_by_name(gpt, bert, refused):
    ids, single, row = random_ids(1, 4), random_ids(1, 1), random_ids(4)
    with refused(TypeError, "log_likelihood: model", "GPT", "BERT"):
        log_likelihood(bert, ids)
    with refused(TypeError, "pseudo_log_likelihood: model", "BERT", "GPT"):
        pseudo_log_likelihood(gpt, ids, MASK)
    with refused(ValueError, "log_likelihood: ids", "at least two tokens"):
        log_likelihood(gpt, single)
    with refused(ValueError, "log_likelihood: ids", "(batch, tokens)"):
        log_likelihood(gpt, row)
    with refused(ValueError, "pseudo_log_likelihood: mask_token", "at most"):
        pseudo_log_likelihood(bert, ids, 10_000)
