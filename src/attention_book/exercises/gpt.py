"""Chapter 12: a GPT, what it knows and how it writes."""

from functools import cache

import numpy as np
import torch

from .. import weights
from ..counting import gpt_parameters
from ..speculative import acceptance
from ..tasks import names
from .verdict import by_hand, exercise, expect, result

SPELLED = np.log2(27)


@exercise
def bits(answer):
    """Bits of a name: answer(chances of its right tokens, letters that had to be spelled)."""
    for chances, n_letters in [([0.5, 0.25, 1.0], 0), ([0.125, 0.5], 5), ([0.3, 0.01, 0.2], 8)]:
        mine = by_hand(answer, list(chances), n_letters)
        sure = -np.log2(chances).sum()
        right = sure + (n_letters + 1) * SPELLED * (n_letters > 0)
        expect(np.ndim(mine) == 0, "one number for the whole name: add the steps up.")
        expect(not _near(mine, -right), "a chance below 1 has a logarithm below 0: turn the sign.")
        expect(not _near(mine, -np.log(chances).sum()), "these are nats: bits take log2.")
        expect(not _near(mine, sure / len(chances)), "add the steps up, no mean.")
        spelled = sure + n_letters * SPELLED
        expect(n_letters or not _near(mine, sure + SPELLED), "a word that is known needs no end.")
        expect(not n_letters or not _near(mine, spelled), "the end of the word is spelled, too.")
        expect(not n_letters or not _near(mine, sure), "the letters of a <new> word cost, too.")
        wrong = (
            f"for the chances {chances} and {n_letters} letters it gives {mine}, not {right:.3f}."
        )
        expect(_near(mine, right), wrong)


@exercise
def nucleus(answer):
    """The chances after top-p: answer(chances, p), an array that sums to one."""
    cases = [
        ([0.5, 0.3, 0.15, 0.05], 0.7),
        ([0.05, 0.15, 0.5, 0.3], 0.9),
        ([0.25, 0.5, 0.125, 0.125], 0.5),
        ([0.1, 0.2, 0.7], 1.0),
        ([0.2, 0.75, 0.05], 0.01),
    ]
    for chances, p in cases:
        mine = np.asarray(by_hand(answer, np.array(chances), p), dtype=float)
        right = _nucleus(np.array(chances), p)
        expect(mine.shape == right.shape, "a chance for each token, in the order that came in.")
        kept, said = (mine > 0).sum(), f"of {chances} at p = {p}"
        expect(kept > 0, f"{said} nothing is left: keep the token that crosses p.")
        fewer = "the token that crosses p is kept, too."
        expect(kept >= (right > 0).sum(), f"{said} you keep {kept}: {fewer}")
        more = "stop as soon as p is reached."
        expect(kept <= (right > 0).sum(), f"{said} you keep {kept}: {more}")
        expect(_near(mine.sum(), 1), f"{said} your chances sum to {mine.sum():.3f}, not to 1.")
        order = f"{said} expected {right.round(3).tolist()}: the most likely, at their places."
        expect(np.allclose(mine, right), order)


@exercise
def ledger(answer):
    """Parameters of a GPT-2: answer(vocab_size, max_len, width, n_layers)."""
    for sizes in [(50257, 1024, 768, 12), (1000, 64, 32, 3), (50257, 1024, 1024, 24)]:
        v, length, d, layers = sizes
        mine, right = by_hand(answer, *sizes), gpt_parameters(v, length, d, 1, layers)
        expect(mine != right + v * d, "the output reads the token table: count it once.")
        expect(mine != right - 2 * d, "a norm stands after the last block, too.")
        expect(
            mine != right - layers * 3 * d, "queries, keys and values have biases: 3 d each layer."
        )
        expect(
            mine != right - layers * 3 * d - 2 * d, "the biases of q, k and v, and the last norm."
        )
        expect(mine != right - layers * 9 * d, "biases: 3 d, d, 4 d and d in each layer.")
        expect(mine != right - length * d, "the position table is learned, too.")
        expect(mine == right, f"ledger{sizes} is {right:,}, yours is off by {mine - right:,}.")


@exercise
def draft(answer):
    """A draft for the committed model: answer(ids so far) gives a chance to each token."""
    n_tokens, taken = len(names.tokens), []
    for text, target in _places():
        mine = np.asarray(result(answer, list(text)), dtype=float)
        expect(mine.shape == (n_tokens,), f"a chance for each of {n_tokens} tokens.")
        expect((mine >= 0).all() and _near(mine.sum(), 1), "chances are not negative and sum to 1.")
        taken.append(acceptance(target, torch.from_numpy(mine)).item())
    mean = float(np.mean(taken))
    expect(mean < 0.95, "this is the model itself, which saves no call of it.")
    short = f"the model would accept {100 * mean:.0f} % of its guesses; reach 60 %: count pairs."
    expect(mean >= 0.6, short)


@cache
def _places(n=60):
    """Beginnings of held-out names, and the model's chances after each."""
    model, found = weights.load("names").double(), []
    for row in names.held_out()[:: len(names.held_out()) // n][:n]:
        text = row[: 1 + len(found) % 4]
        with torch.no_grad():
            chances = model(torch.from_numpy(text)[None])[0, -1].softmax(-1)
        found.append((tuple(text.tolist()), chances))
    return found


def _nucleus(chances, p):
    order = np.argsort(-chances, kind="stable")
    n = np.searchsorted(chances[order].cumsum(), p - 1e-12) + 1
    kept = np.zeros_like(chances)
    kept[order[:n]] = chances[order[:n]]
    return kept / kept.sum()


def _near(a, b):
    return abs(a - b) <= 1e-6 * max(1, abs(b))
