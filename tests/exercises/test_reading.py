import numpy as np
import pytest
import torch

from attention_book import record
from attention_book.exercises import reading
from attention_book.reading import ablated, induction_score, resampled
from tests.exercises.answers import refused

test_three_ways_refuses = refused(
    reading.three_ways,
    {
        "nothing is right": ([0, 0.75, 0.5], "one no is right"),
        "all is right": ([1, 0.75, 0.5], "says no four times"),
        "mean as zero": ([0.25, 0.25, 0.5], "the mean of 4, 4, 4 and 0"),
        "mean of another": ([0.25, 0.5, 0.5], "says yes four times"),
        "one moved": ([0.25, 0.75, 0.75], "text 4 gets"),
        "another order": ([0.25, 0.75, 1], "those of the text before"),
        "two": ([0.25, 0.75], "three shares"),
        "dots": ([..., 0.75, 0.5], "replace the dots"),
    },
)


def induction(weights, ids):
    found = []
    for i, token in enumerate(ids):
        twins = [j for j in range(i) if ids[j] == token]
        if twins:
            found.append(weights[i, twins[-1] + 1])
    return np.mean(found)


def looking(place, mean=np.mean):
    def answer(weights, ids):
        twins = [[j for j in range(i) if ids[j] == ids[i]] for i in range(len(ids))]
        return mean([weights[i, place(i, t)] for i, t in enumerate(twins) if t])

    return answer


test_induction_refuses = refused(
    reading.induction,
    {
        "the twin": (looking(lambda i, t: t[-1]), "one place behind it"),
        "the first twin": (looking(lambda i, t: t[0] + 1), "the last counts"),
        "before": (looking(lambda i, t: i - 1), "the token before"),
        "itself": (looking(lambda i, t: i), "for the tokens"),
        "a sum": (looking(lambda i, t: t[-1] + 1, np.sum), "not the sum"),
        "all queries": (
            lambda w, ids: looking(lambda i, t: t[-1] + 1, np.sum)(w, ids) / len(ids),
            "not by all",
        ),
        "the library's": (
            lambda w, ids: induction_score(torch.tensor(w)[None, None], torch.tensor([ids])),
            "write it yourself",
        ),
        "a constant": (lambda w, ids: 0.5, "for the tokens"),
        "nothing": (lambda w, ids: None, "return"),
        "dots": (lambda w, ids: ..., "replace the dots"),
    },
)


def disguise(weights, values, other):
    return values * (weights / other)[:, None]


test_disguise_refuses = refused(
    reading.disguise,
    {
        "upside down": (lambda w, v, o: v * (o / w)[:, None], "upside down"),
        "as it was": (lambda w, v, o: v, "with the old values"),
        "in another order": (lambda w, v, o: v[::-1], "must bring its own"),
        "one for all": (lambda w, v, o: np.tile(w @ v, (len(v), 1)), "must bring its own"),
        "doubled": (lambda w, v, o: 2 * v, "the mixtures differ"),
        "one size": (lambda w, v, o: np.ones((3, 2)), "the mixtures differ"),
        "the mixture": (lambda w, v, o: w @ v, "a value for each token"),
        "nothing": (lambda w, v, o: None, "return"),
        "dots": (lambda w, v, o: ..., "replace the dots"),
    },
)


def patch(model, heads, ids, other):
    kept = []
    with ablated(model, heads, lambda z: kept.append(z) or z):
        model(other)
    with ablated(model, heads, lambda z: kept.pop(0)):
        return model(ids)


def backward(model, heads, ids, other):
    return patch(model, heads, other, ids)


def zeros(model, heads, ids, other):
    with ablated(model, heads, torch.zeros_like):
        return model(ids)


def last_kept(model, heads, ids, other):
    kept = []
    with ablated(model, heads, lambda z: kept.append(z) or z):
        model(other)
    with ablated(model, heads, lambda z: kept[-1]):
        return model(ids)


def weights_only(model, heads, ids, other):
    with record(model) as taps:
        model(other)
    name = f"blocks.{heads[0][0]}.attention.weights"
    with record(model, replace={name: lambda w: taps[name][0]}):
        return model(ids)


test_patch_refuses = refused(
    reading.patch,
    {
        "nothing": (lambda m, h, i, o: m(i), "nothing is patched"),
        "the other text": (lambda m, h, i, o: m(o), "of the other text"),
        "zeros": (zeros, "these heads are zero"),
        "backward": (backward, "the other way round"),
        "one for all": (last_kept, "in the order of the calls"),
        "the pattern only": (weights_only, "the logits differ"),
        "a batch of both": (
            lambda m, h, i, o: _both(m, h, i, o),
            "return the logits of `ids`",
        ),
        "each with the other's": (lambda m, h, i, o: _both(m, h, i, o)[:1], "the logits differ"),
        "no return": (lambda m, h, i, o: None, "return"),
        "dots": (lambda m, h, i, o: ..., "replace the dots"),
    },
)


def _both(model, heads, ids, other):
    with ablated(model, heads, resampled):
        return model(torch.cat([ids, other]))


RIGHT = {
    reading.three_ways: [[0.25, 0.75, 0.5], [1 / 4, 3 / 4, 1 / 2]],
    reading.induction: [induction],
    reading.disguise: [disguise],
    reading.patch: [patch],
}


@pytest.mark.parametrize("check", RIGHT, ids=lambda check: check.__name__)
def test_right_answers(check):
    for answer in RIGHT[check]:
        assert repr(check(answer)) == "Right."
