import pytest
import torch

from attention_book import record, tasks, weights
from attention_book.exercises import trip
from attention_book.masks import causal_mask
from tests.exercises.answers import refused

HIM = "<s> a king must obey the orders given [MASK] by a queen"
WRONG_SENTENCES = {
    HIM.replace("king", "robot"): "it says it",
    HIM.replace("a king", "two king"): "it says them",
    HIM.replace("queen", "man"): "by a queen",
    HIM.replace("<s> ", ""): "twelve words",
    HIM.replace("king must", "[MASK] must"): "one gap",
    "<s> a king [MASK] obey the orders given must by a queen": "word 8",
    HIM.replace("king", "prince"): "does not know prince",
    ...: "replace the dots",
}
WRONG_SHAPES = {
    ((12, 32), (12, 12), (12, 31)): "seven",
    ((32, 7), (7, 7), (7, 31)): "a row for each token",
    ((7, 32), (7, 32), (7, 31)): "from each token",
    ((7, 32), (7, 7), (1, 31)): "not at one",
    ((7, 32), (7, 7), (7, 32)): "a column for each word",
    (..., ..., ...): "replace the dots",
}
ONES = torch.ones(12, 12)
NEXT, BEFORE = ONES.tril(1).bool(), ONES.tril(-1).bool()
WRONG_SHIFTS = {
    "numbers": (ONES.tril(1), ONES.tril(-1), "end with .bool()"),
    "not shifted": (causal_mask(12), BEFORE, "is the right one"),
    "nothing": (NEXT, torch.zeros(12, 12).bool(), "hides everything"),
    "all open": (ONES.bool(), BEFORE, "and one after it"),
    "the other way round": (BEFORE, NEXT, "must not see itself"),
    "two back": (NEXT, ONES.tril(-2).bool(), "all words before"),
    "one size": (ONES[:5, :5].tril(1).bool(), BEFORE, "12 × 12"),
    "dots": (..., ..., "replace the dots"),
}


def test_the_sentence():
    assert trip.sentence(HIM)


@pytest.mark.parametrize("text", WRONG_SENTENCES)
def test_wrong_sentences(text):
    assert WRONG_SENTENCES[text] in repr(trip.sentence(text))


def test_the_shapes():
    assert trip.shapes((7, 32), (7, 7), (7, 31))


@pytest.mark.parametrize("answer", WRONG_SHAPES)
def test_wrong_shapes(answer):
    assert WRONG_SHAPES[answer] in repr(trip.shapes(*answer))


def logits(replace, seed=1):
    model = weights.load("pronouns-1-head").double()
    questions, _ = tasks.pronouns.task().held_out(2000, rng=seed)
    with torch.no_grad(), record(model, replace={trip.WEIGHTS: replace} if replace else {}):
        return model(questions)


def half(w):
    return torch.where(torch.arange(12) < 6, w, 0)


def test_the_ablation():
    assert trip.ablation(logits(torch.zeros_like), "them")
    assert trip.ablation(logits(torch.zeros_like).float(), "them")


def test_wrong_ablations():
    assert "inside the with" in repr(trip.ablation(logits(None), "them"))
    assert "at every place" in repr(trip.ablation(logits(half), "them"))
    assert "it is not what" in repr(trip.ablation(logits(torch.zeros_like), "it"))
    assert "logits of the shape" in repr(trip.ablation(0.49, "them"))
    assert "replace the dots" in repr(trip.ablation(..., ...))


def test_the_shifts():
    assert trip.shift(NEXT, BEFORE)


test_wrong_shifts = refused(trip.shift, WRONG_SHIFTS)
