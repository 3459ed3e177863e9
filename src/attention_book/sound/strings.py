"""Plucked strings from noise and averages alone: the same samples on every machine."""

from collections.abc import Iterable

import numpy as np
from jaxtyping import Float

from ..validate.numbers import whole_number
from .notes import hertz
from .spectra import RATE


def pluck(pitch: int, n: int, rng: np.random.Generator) -> Float[np.ndarray, " n"]:
    r"""n samples of a plucked string: one period of noise, then averages of what was one before.

    $y_t = \frac{1 - w}{2} y_{t-N} + \frac{1}{2} y_{t-N-1} + \frac{w}{2} y_{t-N-2}$, which repeats
    after $N + \frac{1}{2} + w$ samples. Averages lose high frequencies first, as a string does.
    ValueError for a pitch from 96 on, whose period is too short, or below 0.
    Source: Karplus and Strong (1983); Jaffe and Smith (1983) for the share w that tunes it.
    """
    pitch = whole_number("pluck", "pitch", pitch, most=95)
    n = whole_number("pluck", "n", n, least=1)
    period = RATE / hertz(pitch) - 0.5
    whole = int(period)
    share = period - whole
    noise = rng.uniform(-1, 1, whole)
    y = np.zeros(2 + whole + n)
    y[2 : 2 + whole] = noise - noise.mean()
    for start in range(2, 2 + n, whole):
        stop = min(start + whole, 2 + n)
        before = y[start:stop], y[start - 1 : stop - 1], y[start - 2 : stop - 2]
        mean = (1 - share) / 2 * before[0] + before[1] / 2 + share / 2 * before[2]
        y[start + whole : stop + whole] = mean
    return y[2 : 2 + n]


def melody(
    pitches: Iterable[int], n: int, rng: np.random.Generator
) -> Float[np.ndarray, " samples"]:
    """Plucked notes one after the other, n samples each."""
    return np.concatenate([pluck(pitch, n, rng) for pitch in pitches])
