import numpy as np
import pytest
import scipy.signal
import torch
from hypothesis import given
from hypothesis import strategies as st

from attention_book.sound import RATE, frames

SOUND = np.random.default_rng(0).normal(size=(2, 900))


def test_frames_are_the_transforms_of_pytorch_and_of_scipy():
    made = frames(SOUND, 256, 100)
    window = torch.from_numpy(np.hanning(256))
    theirs = torch.stft(
        torch.from_numpy(SOUND), 256, 100, window=window, center=False, return_complex=True
    )
    assert made.shape == (2, 7, 129)
    assert np.allclose(made, np.log1p(theirs.abs().mT.numpy()))
    _, _, other = scipy.signal.stft(
        SOUND, window=np.hanning(256), nperseg=256, noverlap=156, boundary=None, padded=False
    )
    assert np.allclose(np.expm1(made), np.abs(other).swapaxes(1, 2) * np.hanning(256).sum())


def test_a_tone_is_found_in_its_row():
    tone = np.sin(2 * np.pi * 1000 * np.arange(512) / RATE)
    assert frames(tone, 512, 512).argmax() == 1000 * 512 // RATE


@given(st.integers(2, 50), st.integers(1, 60), st.integers(0, 200))
def test_only_whole_frames_count(size, hop, more):
    n = size + more
    starts = [s for s in range(0, n, hop) if s + size <= n]
    assert frames(np.zeros(n), size, hop).shape == (len(starts), size // 2 + 1)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((np.zeros(9), 10, 1), "samples must be at least 10 in a row, got 9"),
        ((np.zeros(9), 1, 1), "size must be at least 2"),
        ((np.zeros(9), 4, 0), "hop must be at least 1"),
        ((np.full(9, np.nan), 4, 1), "samples must be finite"),
        ((["a"] * 9, 4, 1), "samples must be numbers"),
        ((3.0, 4, 1), "samples must have at least 1 axes"),
    ],
)
def test_what_is_no_sound_is_refused(given, message):
    with pytest.raises(ValueError, match=f"frames: {message}"):
        frames(*given)
