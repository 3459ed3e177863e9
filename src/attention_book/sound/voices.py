"""Vowels as a throat makes them: pulses, each of which rings at two frequencies."""

import numpy as np
from jaxtyping import Float, Int

from ..validate.sound import spoken
from .spectra import RATE

VOWELS = {"a": (730, 1090), "e": (530, 1840), "i": (270, 2290), "o": (570, 840), "u": (300, 870)}
RING = 240  # samples after a pulse that are still heard


def speak(
    vowels: Int[np.ndarray, "B S"], lengths: Int[np.ndarray, "B S"], rng: np.random.Generator
) -> Float[np.ndarray, "B N"]:
    r"""Vowels of these lengths in samples, one after the other; silence where nothing is left.

    `vowels` are places in `VOWELS`, a length of 0 leaves one out. A pulse rings as
    $\sum_f e^{-\pi b t} \sin(2 \pi f t)$ at the two formants f of its vowel. Each voice has its
    own pitch, 90 to 150 hertz, and each vowel its own loudness; a vowel begins loud and fades.
    ValueError for other places or lengths.
    Source: Peterson and Barney (1952), table 2, for the formants of men.
    """
    vowels, lengths = spoken("speak", vowels, lengths, len(VOWELS))
    loud = rng.uniform(0.4, 1, vowels.shape)
    period = RATE / rng.uniform(90, 150, len(vowels))
    pulses = np.arange(1 + lengths.max() // period.min()) * period[:, None, None]
    voice, place, nth = np.nonzero(pulses < lengths[..., None])
    after = pulses[voice, 0, nth].astype(int)
    fade = loud[voice, place] * (1 - 0.6 * after / lengths[voice, place])
    size = int(lengths.sum(1).max()) + RING
    start = voice * size + (lengths.cumsum(1) - lengths)[voice, place] + after
    rings = fade[:, None] * _rings()[vowels[voice, place]]
    heard = (start[:, None] + np.arange(RING)).ravel()
    sound = np.bincount(heard, rings.ravel(), len(vowels) * size)
    return sound.reshape(len(vowels), size)[:, :-RING]


def _rings():
    """How each vowel rings after one pulse: (5, RING)."""
    formants = np.array(list(VOWELS.values()))[..., None]
    seconds = np.arange(RING) / RATE
    rings = np.exp(-np.pi * 80 * seconds) * np.sin(2 * np.pi * formants * seconds)
    return rings.sum(axis=1) * np.linspace(1, 0, RING)
