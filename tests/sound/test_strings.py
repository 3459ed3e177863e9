import numpy as np
import pytest

from attention_book.sound import RATE, hertz, melody, pluck


def by_hand(pitch, n, rng):
    """The same sample by sample."""
    period = RATE / hertz(pitch) - 0.5
    whole, share = int(period), period % 1
    noise = rng.uniform(-1, 1, whole)
    y = [0.0, 0.0, *(noise - noise.mean())]
    while len(y) < n + 2:
        first, second, third = y[-whole], y[-whole - 1], y[-whole - 2]
        y.append((1 - share) / 2 * first + second / 2 + share / 2 * third)
    return np.array(y[2 : n + 2])


@pytest.mark.parametrize("pitch", [0, 36, 60, 71, 95])
@pytest.mark.parametrize("n", [1, 5, 700])
def test_a_string_is_its_formula(pitch, n):
    made = pluck(pitch, n, np.random.default_rng(pitch))
    assert made.shape == (n,)
    assert np.array_equal(made, by_hand(pitch, n, np.random.default_rng(pitch)))


@pytest.mark.parametrize("pitch", range(40, 80, 3))
def test_a_string_is_in_tune(pitch):
    n = 8 * RATE
    strengths = np.abs(np.fft.rfft(pluck(pitch, n, np.random.default_rng(1)) * np.hanning(n)))
    near = slice(int(8 * hertz(pitch) * 0.94), int(8 * hertz(pitch) * 1.06))
    heard = (near.start + strengths[near].argmax()) / 8
    assert abs(12 * np.log2(heard / hertz(pitch))) < 0.05


def test_high_frequencies_fade_first():
    sound = pluck(48, 4 * 2048, np.random.default_rng(2)).reshape(4, 2048)
    strengths = np.abs(np.fft.rfft(sound * np.hanning(2048)))
    low, high = strengths[:, :200].sum(axis=1), strengths[:, 200:].sum(axis=1)
    assert (np.diff(high / low) < 0).all()


def test_a_melody_is_its_notes():
    together = melody([60, 48, 60], 300, np.random.default_rng(3))
    rng = np.random.default_rng(3)
    assert np.array_equal(together, np.concatenate([pluck(p, 300, rng) for p in (60, 48, 60)]))
    assert not np.array_equal(together[:300], together[600:])


@pytest.mark.bad_input
@pytest.mark.parametrize(("pitch", "n"), [(96, 10), (-1, 10), (60, 0), (60.5, 10)])
def test_what_no_string_plays_is_refused(pitch, n):
    with pytest.raises((ValueError, TypeError), match=r"pluck: (pitch|n) must be"):
        pluck(pitch, n, np.random.default_rng(0))
