import io
import wave

import numpy as np
import pytest
from scipy.io import wavfile

from attention_book.sound import RATE, wav


def test_the_file_is_read_by_others():
    samples = np.sin(np.arange(1000) / 7)
    rate, levels = wavfile.read(io.BytesIO(wav(samples)))
    assert (rate, levels.dtype) == (RATE, np.uint8)
    assert np.abs((levels.astype(float) - 128) / 127 - samples / np.abs(samples).max()).max() < 0.01
    with wave.open(io.BytesIO(wav(samples))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getnframes()) == (1, 1, 1000)


def test_silence_is_a_file_and_the_bytes_are_the_same():
    assert wav(np.zeros(4))[44:] == bytes([128] * 4)
    assert wav(np.array([0.5, -0.5])) == wav(np.array([1.0, -1.0]))
    assert wav(np.array([1.0, -1.0]))[44:] == bytes([255, 1])


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("samples", "message"),
    [([], "at least 1"), (np.zeros((2, 5)), "have 1 axes"), ([np.inf], "finite"), ("x", "numbers")],
)
def test_what_is_no_sound_is_refused(samples, message):
    with pytest.raises(ValueError, match=f"wav: samples must.*{message}"):
        wav(samples)
