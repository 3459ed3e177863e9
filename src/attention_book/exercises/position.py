"""Chapter 2: position."""

import math
from functools import partial

import numpy as np
import torch

from ..positions import sinusoidal, sinusoidal_concatenated
from .verdict import by_hand, exercise, expect


@exercise
def encoding(numbers):
    """The encoding of position 2 for d = 4, to two decimals."""
    numbers = np.asarray(numbers, dtype=float)
    expect(numbers.shape == (4,), "two hands, so four numbers.")
    slips = {
        "angles are in radians, not in degrees.": _hands(2, 1 / 100, unit=math.pi / 180),
        "the sine comes first, then the cosine.": _hands(2, 1 / 100)[[1, 0, 3, 2]],
        "this is position 1: positions start at 0.": _hands(1, 1 / 100),
        "this is position 3: it is two steps from position 0.": _hands(3, 1 / 100),
        "in turn: sine and cosine of one hand, then of the next.": _hands(2, 1 / 100)[[0, 2, 1, 3]],
        "the second hand turns by 1/100, not by 1/10.": _hands(2, 1 / 10),
        "the second hand turns by 1/100, not by 1/10000.": _hands(2, 1 / 10000),
        "both hands stand at the same angle. The second is slower.": _hands(2, 1),
    }
    for fault, slip in slips.items():
        expect(not np.allclose(numbers, slip, rtol=0, atol=0.006), fault)
    right = np.abs(numbers - _hands(2, 1 / 100)) < 0.006
    names = ("sine of hand 0", "cosine of hand 0", "sine of hand 1", "cosine of hand 1")
    wrong = [name for name, ok in zip(names, right, strict=True) if not ok]
    expect(not wrong, f"compute again: {', '.join(wrong)}.")


def _hands(position, speed, unit=1.0):
    angles = unit * position * np.array([1, speed])
    return np.stack([np.sin(angles), np.cos(angles)], axis=1).ravel()


@exercise
def back(k):
    """The number of positions, below 1,000, after which the fastest hand is nearest its start."""
    expect(not isinstance(k, bool) and k == int(k), "a whole number of positions.")
    expect(0 < k < 1000, "at least one position, and fewer than 1,000.")
    half_turns = round(k / math.pi)
    gap = abs(k - half_turns * math.pi)
    best = gap < 0.001
    expect(half_turns % 2 == 0 or not best, "half a turn too many: it points the other way.")
    expect(half_turns % 2 == 0, "it points away from its start: look for whole turns.")
    expect(best, f"still {gap:.4f} away: another whole number is closer.")


LAYERS = {
    "a layer that leaves every word as it is": (torch.eye(5), False),
    "a layer that gives every word the mean of all": (torch.full((5, 5), 0.2), False),
    "a layer that adds the mean to every word": (torch.eye(5) + 0.2, False),
    "a layer that sums the words so far": (torch.ones(5, 5).tril(), True),
    "a layer that hands on the word before": (torch.ones(5, 5).tril(-1).triu(-1), True),
    "a layer that adds both neighbors": (torch.ones(5, 5).tril(1).triu(-1), True),
    "a layer that exchanges the last two": (torch.eye(5)[[0, 1, 2, 4, 3]], True),
    "a layer in which the third word counts a millionth more": (
        torch.full((5, 5), 0.2) + 1e-6 * torch.eye(5)[2],
        True,
    ),
}


@exercise
def order(answer):
    """Whether the order of the words matters to f: answer(f, x)."""
    words = torch.tensor(np.random.default_rng(2).normal(size=(5, 3)))
    for name, (weights, sees) in LAYERS.items():
        x = words.clone()
        found = bool(by_hand(answer, partial(torch.matmul, weights.double()), x))
        expect(torch.equal(x, words), "it changes x itself: x[order] makes a copy.")
        says = f"it accuses {name}: bring the outputs into the new order, and allow for rounding."
        expect(sees or not found, says)
        expect(found or not sees, f"it misses {name}: try many orders, and look at every row.")


@exercise
def layout(matrix):
    """The matrix that moves encodings, all sines first, three positions forward: (32, 32)."""
    matrix = torch.as_tensor(matrix, dtype=torch.float64)
    expect(matrix.shape == (32, 32), "32 numbers in, 32 numbers out: a 32 by 32 matrix.")
    R, both = _rotation(3), [*range(0, 32, 2), *range(1, 32, 2)]
    in_turn = "this one moves encodings with sine and cosine in turn."
    expect(not matrix.allclose(R), in_turn)
    expect(not matrix.allclose(R[both]), "order the incoming numbers as well.")
    expect(not matrix.allclose(R[:, both]), "order the outgoing numbers as well.")
    undone = np.argsort(both)
    other_way = "the order is undone where it should be made: exchange the two permutations."
    expect(not matrix.allclose(R[undone][:, undone]), other_way)
    codes = sinusoidal_concatenated(64, 32, dtype=torch.float64)
    moved = codes[:61] @ matrix.T
    expect(not moved[3:].allclose(codes[:58]), "this moves three positions back.")
    gap = (moved - codes[3:]).abs().max()
    expect(gap < 1e-9, f"an encoding arrives {gap:.3f} away from the one three positions on.")


def _rotation(k):
    angles = k / 10000 ** (torch.arange(0, 32, 2, dtype=torch.float64) / 32)
    turns = torch.stack([angles.cos(), angles.sin(), -angles.sin(), angles.cos()], dim=1)
    return torch.block_diag(*turns.reshape(-1, 2, 2))


@exercise
def before(M):
    """A matrix that makes of each position what the one before it agrees with most: (32, 32)."""
    M = torch.as_tensor(M, dtype=torch.float64)
    expect(M.shape == (32, 32), "an encoding goes in, and one to compare: a 32 by 32 matrix.")
    text, positions = sinusoidal(1000, 32, dtype=torch.float64), torch.arange(1000)
    found = (text @ M.T @ text.T).argmax(dim=1)
    expect(not (found == positions).all(), "each position finds itself: turn the hands.")
    after = (found[:-1] == positions[1:]).all()
    expect(not after, "each position finds the next: turn the other way.")
    hits = int((found[1:] == positions[:-1]).sum())
    somewhere = f"right at {hits} of 999 positions; position 9 finds {int(found[9])}."
    expect(hits == 999, somewhere)
