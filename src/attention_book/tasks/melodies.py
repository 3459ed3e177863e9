"""Melodies: which step of its key a note that sounds is, and how a motif goes on.

    steps       hears  G3 B3 D4 G4 …         asks for   . 3 5 8 …    (in G, where melodies begin)
    sequence    reads  C4 E4 D4 C4 D4 F4 …   asks for   E4 D4 …      (the motif, one step higher)

Of `steps` the inputs are spectra, one for each note; a single note leaves open which step it is,
and the rule to beat says the step that its pitch is most often. Of `sequence` they are ids of the
white keys from C3 to C5; a motif of four notes comes again, moved, and then again, moved by as
much; the rule to beat repeats the motif as it stood last. The first note of each melody, and of the
second motif, cannot be known.
"""

from functools import cache

import numpy as np
import torch

from ..sound import frames, note, pluck
from ..tokens import Words
from ..validate.numbers import whole_number
from .task import IGNORED, Task

MAJOR = np.array([0, 2, 4, 5, 7, 9, 11, 12])  # of a key's eight steps, in semitones
LOWEST, PITCHES, KEYS = 48, 24, 12  # C3 to B4; keys from C to B
WHITE = np.array([48, 50, 52, 53, 55, 57, 59, 60, 62, 64, 65, 67, 69, 71, 72])
MOVES = np.array([-2, -1, 1, 2])
SIZE, SHOWN, TAKES = 1024, 128, 64  # samples of a note, frequencies kept, plucks of each pitch
MOTIF = 4
tokens = Words([note(LOWEST + i) for i in range(PITCHES)])
white = Words([note(pitch) for pitch in WHITE.tolist()])


def steps(n_notes=12, plucks=0):
    """Spectra (n, n_notes, 128) of plucked notes; answers 0 to 7 for the steps 1 to 8.

    A melody begins with the first step of its key. `plucks` is the seed of the strings' noise:
    with another one, no note has been heard before.
    """
    n_notes = whole_number("steps", "n_notes", n_notes, least=2)

    def draw(n, rng):
        chosen = rng.integers(len(MAJOR), size=(n, n_notes))
        chosen[:, 0] = 0
        return rng.integers(KEYS, size=(n, 1)) + MAJOR[chosen]

    def pose(notes, rng):
        targets = np.searchsorted(MAJOR, notes - notes[:, :1])
        targets[:, 0] = IGNORED
        return heard(plucks)[notes, rng.integers(TAKES, size=notes.shape)], targets

    return Task(tokens=tokens, draw=draw, pose=pose, guess=_by_pitch)


@cache
def heard(plucks):
    """Spectra of many plucks of each pitch: float32 (24, 64, 128)."""
    rng = np.random.default_rng(plucks)
    pitches = range(LOWEST, LOWEST + PITCHES)
    sounds = [[pluck(pitch, SIZE, rng) for _ in range(TAKES)] for pitch in pitches]
    return frames(np.array(sounds), SIZE, SIZE)[:, :, 0, 1 : 1 + SHOWN].astype(np.float32)


def pitches_of(spectra):
    """Which of the 24 pitches each spectrum is: the one whose mean spectrum is the nearest."""
    means = torch.from_numpy(heard(0).mean(axis=1))
    return torch.cdist(spectra, means.expand(len(spectra), -1, -1)).argmin(-1)


def _by_pitch(spectra):
    counts = np.zeros((PITCHES, len(MAJOR)))
    places = np.arange(KEYS)[:, None] + MAJOR
    np.add.at(counts, (places, np.arange(len(MAJOR))), 1)
    return torch.from_numpy(counts.argmax(axis=1))[pitches_of(spectra)]


def sequence():
    """Ids of 12 notes: inputs (n, 11), and at each the next one where it can be known."""

    def draw(n, rng):
        motif = rng.integers(4, len(WHITE) - 4, size=(n, MOTIF))
        move = MOVES[rng.integers(len(MOVES), size=(n, 1))]
        return np.concatenate([motif, motif + move, motif + 2 * move], axis=1)

    def pose(notes, rng):
        targets = np.full((len(notes), 3 * MOTIF - 1), IGNORED)
        targets[:, MOTIF:] = notes[:, MOTIF + 1 :]
        return notes[:, :-1].copy(), targets

    def guess(inputs):
        return torch.roll(inputs, MOTIF - 1, dims=1)

    return Task(tokens=white, draw=draw, pose=pose, guess=guess)
