"""Chapter 6: scaling and softmax."""

import numpy as np
import torch

from .. import checks
from ..reference import softmax
from .verdict import by_hand, exercise, expect

DOTS = np.array([9.0, 2.0, -3.0])  # of a query with three keys
PRINTED = np.array([0.61, 0.25, 0.14])


@exercise
def shares(answer):
    """The shares of dot products 6 and 2, of tokens 768 wide and keys 16 wide, to two decimals."""
    expect(len(answer) == 2, "two shares, one for each key.")
    first = answer[0]
    expect(abs(sum(answer) - 1) < 0.02, "the two shares must add up to 1.")
    expect(first > answer[1], "the larger dot product gets the larger share.")
    expect(abs(first - 0.98) > 0.006, "divide the dot products before softmax.")
    expect(abs(first - 0.56) > 0.006, "divide by the root of 16, not by 16.")
    expect(abs(first - 0.54) > 0.006, "the keys are 16 wide; 768 is the width of the tokens.")
    expect(abs(first - 0.75) > 0.006, "divide powers of e by their sum, not dot products.")
    checks.same(answer, softmax(np.array([6.0, 2.0]) / 4), tolerance=0.011)


@exercise
def slopes(undivided, divided):
    """How fast the first share rises with its score: at scores 6 and 2, and at 6/4 and 2/4."""
    right = [first * (1 - first) for first in (0.982, 0.731)]
    swapped = np.allclose([divided, undivided], right, atol=0.006)
    expect(not swapped, "the undivided slope comes first.")
    expect(undivided >= 0 and divided >= 0, "a share rises when its own score does.")
    square = np.allclose([undivided, divided], [0.982**2, 0.731**2], atol=0.011)
    expect(not square, "a is multiplied by 1 − a, not by itself.")
    four = abs(undivided - right[0]) < 0.006 and abs(divided - right[1] / 4) < 0.006
    expect(not four, "measured against the divided score, no further 4 comes in.")
    checks.same([undivided, divided], right, tolerance=0.006)


@exercise
def width(answer):
    """The width of keys whose dot products 9, 2 and −3 became the shares .61, .25 and .14."""
    expect(np.ndim(answer) == 0 and answer > 0, "one width, a number above 0.")
    expect(answer != 8, "8 is the divisor: of which width is it the root?")
    found = softmax(DOTS / np.sqrt(answer))
    fault = "too sharp: wider" if found[0] > PRINTED[0] else "too even: narrower"
    fits = np.allclose(found.round(2), PRINTED)
    expect(fits, f"width {answer} gives {found.round(2)}, {fault} keys.")
    expect(answer == 64, f"{answer} comes close, but a width is a whole number.")


@exercise
def total(weights):
    """Weights under which attention gives the sum of the marked numbers: weights(scores)."""
    rng = np.random.default_rng(8)
    for size in (16, 64, 5):
        marks = torch.from_numpy(rng.integers(2, size=(7, size)))
        marks[:, :2] = torch.tensor([1, 0])
        made = torch.as_tensor(by_hand(weights, 2.0 * marks - 1)).double()
        expect(made.shape == marks.shape, f"one weight for each score, got {tuple(made.shape)}.")
        whole = bool(((made.sum(-1) - 1).abs() < 1e-3).all())
        expect(not whole, "weights that add up to 1 give means, never sums.")
        leak = float(made[marks == 0].abs().max())
        expect(leak == 0, f"unmarked tokens still count, by {leak:.2f}.")
        one = float(made[marks == 1].mean())
        expect(abs(one - 1) < 1e-6, f"of {size} tokens, marked ones count {one:.2f}, not 1.")
        checks.same(made, marks, tolerance=1e-6)


@exercise
def log_softmax(answer):
    """The logarithm of softmax for one row, right for every size of scores."""
    rows = {
        (0.0, 1.0, 2.0): "even small scores are off: powers of e of the results must add up to 1.",
        (0.0, -2000.0, -1.0): "a share rounded to 0 has no logarithm: take it before you divide.",
        (3000.0, 1000.0, 0.0, 5.0): "a power overflowed: subtract the largest score first.",
    }
    for row, hint in rows.items():
        with np.errstate(all="ignore"):
            made = np.asarray(by_hand(answer, np.array(row)), dtype=float)
        right = torch.tensor(row).double().log_softmax(-1).numpy()
        expect(made.shape == right.shape, f"{len(row)} scores give {len(row)} logarithms.")
        shares = np.allclose(made, np.exp(right), atol=1e-6)
        expect(not shares, "these are the shares; their logarithms are asked for.")
        expect(np.allclose(made, right, rtol=1e-9), hint)
