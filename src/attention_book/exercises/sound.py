"""Chapter 20: sound."""

import numpy as np

from .verdict import by_hand, exercise, expect

MAJOR = {0, 2, 4, 5, 7, 9, 11}


@exercise
def tokens(answer):
    """How many frames a sound has: answer(seconds, rate, size, hop)."""
    for seconds, rate, size, hop in [(1, 8000, 256, 200), (30, 16000, 400, 160), (2, 100, 200, 7)]:
        mine = by_hand(answer, seconds, rate, size, hop)
        right = len(range(0, seconds * rate - size + 1, hop))
        near = mine == right or mine != seconds * rate // size
        expect(near, "frames overlap: a new one begins every `hop`.")
        expect(mine != right - 1, "the first frame counts, too.")
        expect(mine != -(-seconds * rate // hop), "the last frames would reach beyond the sound.")
        shown = f"{seconds} s at {rate} samples a second, frames of {size} every {hop}"
        expect(isinstance(mine, int), "a count is an int: use //.")
        expect(mine == right, f"{shown} are {right} frames.")


@exercise
def pluck(answer):
    """The first n samples of a string: answer(noise, n)."""
    rng = np.random.default_rng(20)
    for period, n in [(5, 40), (12, 30), (7, 7), (9, 4)]:
        noise = rng.normal(size=period)
        before = noise.copy()
        mine = np.asarray(by_hand(answer, noise, n))
        expect(np.array_equal(noise, before), "leave the noise that is given as it is.")
        expect(mine.shape == (n,), f"{n} samples are asked for, got shape {mine.shape}.")
        start = min(n, period)
        expect(np.allclose(mine[:start], noise[:start]), "the string begins with the noise itself.")
        for says, back in WRONG_BACK.items():
            expect(n <= period or not _near(mine, _string(noise, n, *back)), says)
        expect(_near(mine, _string(noise, n, 0, 1)), "average y[t - N] and y[t - N - 1].")


WRONG_BACK = {
    "this repeats the noise for ever: average two samples.": (0, 0),
    "the second sample is one further back, at t - N - 1.": (0, -1),
}


def _string(noise, n, *further):
    y = [0.0, *noise]
    while len(y) < n + 1:
        y.append(sum(y[-len(noise) - more] for more in further) / 2)
    return np.array(y[1 : n + 1])


def _near(mine, right):
    return np.allclose(mine, right, atol=1e-9)


@exercise
def scales(answer):
    """The first notes, 0 to 11, of the major scales with all pitches: answer(pitches)."""
    melodies = [[60, 64, 67], [60, 62, 64, 65, 67, 69, 71], [55, 59, 66, 61], [60, 61, 62], [48]]
    for pitches in melodies:
        mine = by_hand(answer, list(pitches))
        expect(isinstance(mine, list | tuple | set), "return a list of numbers from 0 to 11.")
        mine, right = sorted(mine), _scales(pitches)
        some = [t for t in range(12) if any((p - t) % 12 in MAJOR for p in pitches)]
        expect(mine != some or some == right, "all of the pitches must be in the scale.")
        expect(not any(t > 11 for t in mine), "octaves do not count: give numbers from 0 to 11.")
        expect(mine == right, f"for {pitches} it is {right}, got {mine}.")


def _scales(pitches):
    return [t for t in range(12) if {(p - t) % 12 for p in pitches} <= MAJOR]


@exercise
def collapse(answer):
    """The letters of a line with one sign for each frame, "-" for a blank: answer(frames)."""
    for frames in ["aa-aiii--oo", "a", "--", "", "ee-e-e", "uuu", "-a-bb", "aab-ba"]:
        mine = by_hand(answer, frames)
        expect(isinstance(mine, str), "return a text.")
        merged = "".join(f for f, g in zip(frames, " " + frames, strict=False) if f != g)
        right = merged.replace("-", "")
        plain = frames.replace("-", "")
        early = "".join(f for f, g in zip(plain, " " + plain, strict=False) if f != g)
        expect(
            mine == right or mine != early, "merge before the blanks go: they keep letters apart."
        )
        expect(mine == right or mine != plain, "frames in a row with one letter are one letter.")
        expect(mine == right or mine != merged, "no blank is a letter: take them out.")
        expect(mine == right, f"{frames!r} says {right!r}, got {mine!r}.")
