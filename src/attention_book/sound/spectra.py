"""A sound as tokens: short stretches of samples, each as the strengths of its frequencies."""

import numpy as np
from jaxtyping import Float

from ..validate.numbers import whole_number
from ..validate.sound import samples as checked

RATE = 8000  # samples in a second


def frames(
    samples: Float[np.ndarray, "*batch N"], size: int, hop: int
) -> Float[np.ndarray, "*batch T F"]:
    r"""The spectrum of each stretch of `size` samples, one every `hop`: $\log(1 + |\mathrm{FFT}|)$.

    A frame is faded in and out by a Hann window first, so that its edges are not heard. Row f is
    the strength at f · RATE / size hertz. T is 1 + (N - size) // hop, F is size // 2 + 1.
    ValueError for sounds shorter than a frame. Source: Harris (1978), for the window.
    """
    size = whole_number("frames", "size", size, least=2)
    hop = whole_number("frames", "hop", hop, least=1)
    samples = checked("frames", samples, size)
    cut = np.lib.stride_tricks.sliding_window_view(samples, size, axis=-1)[..., ::hop, :]
    return np.log1p(np.abs(np.fft.rfft(cut * np.hanning(size))))
