import pytest
import torch

from attention_book import record, tasks, weights
from attention_book.exercises import trip
from attention_book.masks import causal_mask
from tests.exercises.answers import refused

HIM = "<s> a king must protect the laws given"
WRONG_SENTENCES = {
    HIM.replace("king", "robot"): "it says it",
    HIM.replace("a king", "two king"): "it says them",
    HIM.replace("laws", "orders"): "such orders",
    HIM.replace("protect", "obey"): "the First Law",
    HIM.replace("<s> ", ""): "eight words",
    HIM + " him by a queen": "eight words",
    "<s> a king must protect the given laws": "end with given",
    HIM.replace("king", "prince"): "does not know prince",
    ...: "replace the dots",
}
WRONG_SHAPES = {
    ((8, 32), (8, 8), (8, 41)): "seven",
    ((32, 7), (7, 7), (7, 41)): "a row for each token",
    ((7, 32), (7, 32), (7, 41)): "from each token",
    ((7, 32), (7, 7), (1, 41)): "not at one",
    ((7, 32), (7, 7), (7, 32)): "a column for each word",
    (..., ..., ...): "replace the dots",
}
ONES = torch.ones(21, 21)
NEXT, BEFORE = ONES.tril(1).bool(), ONES.tril(-1).bool()
WRONG_SHIFTS = {
    "numbers": (ONES.tril(1), ONES.tril(-1), "end with .bool()"),
    "not shifted": (causal_mask(21), BEFORE, "is the right one"),
    "nothing": (NEXT, torch.zeros(21, 21).bool(), "hides everything"),
    "all open": (ONES.bool(), BEFORE, "and one after it"),
    "the other way round": (BEFORE, NEXT, "must not see itself"),
    "two back": (NEXT, ONES.tril(-2).bool(), "all words before"),
    "one size": (ONES[:5, :5].tril(1).bool(), BEFORE, "21 × 21"),
    "dots": (..., ..., "replace the dots"),
}


def test_the_sentence():
    assert trip.sentence(HIM)


@pytest.mark.parametrize("text", WRONG_SENTENCES)
def test_wrong_sentences(text):
    assert WRONG_SENTENCES[text] in repr(trip.sentence(text))


def test_the_shapes():
    assert trip.shapes((7, 32), (7, 7), (7, 41))


@pytest.mark.parametrize("answer", WRONG_SHAPES)
def test_wrong_shapes(answer):
    assert WRONG_SHAPES[answer] in repr(trip.shapes(*answer))


def logits(replace, seed=1):
    model = weights.load("pronouns-1-head").double()
    questions, _ = tasks.pronouns.task().held_out(2000, rng=seed)
    with torch.no_grad(), record(model, replace={trip.WEIGHTS: replace} if replace else {}):
        return model(questions)


def half(w):
    return torch.where(torch.arange(21) < 6, w, 0)


def test_the_ablation():
    assert trip.ablation(logits(torch.zeros_like), "her")
    assert trip.ablation(logits(torch.zeros_like).float(), "her")


def test_wrong_ablations():
    assert "inside the with" in repr(trip.ablation(logits(None), "her"))
    assert "at every place" in repr(trip.ablation(logits(half), "her"))
    assert "it is not what" in repr(trip.ablation(logits(torch.zeros_like), "it"))
    assert "logits of the shape" in repr(trip.ablation(0.16, "her"))
    assert "replace the dots" in repr(trip.ablation(..., ...))


def test_the_shifts():
    assert trip.shift(NEXT, BEFORE)


test_wrong_shifts = refused(trip.shift, WRONG_SHIFTS)
