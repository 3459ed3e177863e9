"""A sound as the bytes of a file that every browser plays."""

import io
import wave

import numpy as np
from jaxtyping import Float

from ..validate.sound import samples as checked
from .spectra import RATE


def wav(samples: Float[np.ndarray, " N"]) -> bytes:
    """A WAV file of 8 bits a sample, one channel and RATE samples a second, as loud as it can be.

    The same samples give the same bytes. ValueError for no samples, several channels or no number.
    """
    samples = checked("wav", samples, 1, axes=1)
    loudest = np.abs(samples).max()
    levels = 128 + np.rint(127 * samples / (loudest if loudest > 0 else 1))
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setparams((1, 1, RATE, len(samples), "NONE", "not compressed"))
        written.writeframes(levels.astype(np.uint8).tobytes())
    return file.getvalue()
