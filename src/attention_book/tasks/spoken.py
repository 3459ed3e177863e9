"""Write down which vowels are spoken: from frames of sound to letters, as speech recognition does.

    hears   a voice that says  a--- i- i----- o--     asks for   a i i o <end>

Two to five vowels, each of 60 to 150 milliseconds, by a voice of its own pitch; a vowel that comes
twice is spoken twice. The inputs are spectra as pictures, 40 strips a second, silence at the end,
and the letters so far; the rule to beat says at each place the letter most common there.
"""

import numpy as np

from ..sound import VOWELS, frames, speak
from ..tokens import Words
from .roman import END, PAD, START
from .sorting import shifted_right
from .task import IGNORED, Task, most_common

MOST, SHORT, LONG = 5, 480, 1200  # vowels; samples
SIZE, HOP, SHOWN = 256, 200, 80  # of a frame: samples, samples to the next, frequencies kept
SAMPLES = MOST * LONG + SIZE
FRAMES = 1 + MOST * LONG // HOP
tokens = Words(["<pad>", "<start>", "<end>", *VOWELS])
FIRST = tokens.ids["a"]


def task():
    """Spectra (n, 1, 80, 31) and letters so far; at each letter the next one, and the end."""
    seen = answers(draw(5000, np.random.default_rng(0)))
    return Task(tokens=tokens, draw=draw, pose=pose, guess=most_common(seen))


def draw(n, rng):
    """Rows of five ids, then five lengths in samples; 0 where no vowel is left."""
    ids = FIRST + rng.integers(len(VOWELS), size=(n, MOST))
    lengths = rng.integers(SHORT, LONG + 1, size=(n, MOST))
    left = np.arange(MOST) < rng.integers(2, MOST + 1, size=(n, 1))
    return np.concatenate([ids * left, lengths * left], axis=1)


def pose(rows, rng):
    """Let a voice say it, and ask for the letters and the end."""
    targets = answers(rows)
    pictures = frames(voice(rows, rng), SIZE, HOP)[..., 1 : 1 + SHOWN].mT[:, None]
    inputs = {"images": np.ascontiguousarray(pictures, dtype=np.float32)}
    inputs["target_ids"] = shifted_right(np.where(targets == IGNORED, PAD, targets), START)
    return inputs, targets


def voice(rows, rng):
    """The samples that a voice makes of rows: (n, 6256)."""
    ids, lengths = rows[:, :MOST], rows[:, MOST:]
    said = speak(np.maximum(ids - FIRST, 0), lengths, rng)
    return np.pad(said, ((0, 0), (0, SAMPLES - said.shape[1])))


def answers(rows):
    """The letters of rows and the end: ids (n, 6), -100 after it."""
    ids = np.concatenate([rows[:, :MOST], np.zeros((len(rows), 1), int)], axis=1)
    ids[np.arange(len(rows)), (rows[:, :MOST] > 0).sum(axis=1)] = END
    return np.where(ids == PAD, IGNORED, ids)


def spoken_at(rows):
    """The letter that is spoken in the middle of each frame: ids (n, 31), 0 for silence."""
    ends = rows[:, MOST:].cumsum(axis=1)
    middle = SIZE // 2 + HOP * np.arange(FRAMES)
    place = (middle[:, None] >= ends[:, None, :]).sum(axis=-1)
    ids = np.concatenate([rows[:, :MOST], np.zeros((len(rows), 1), int)], axis=1)
    return np.take_along_axis(ids, place, axis=1)
