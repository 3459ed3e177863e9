import numpy as np
import pytest

from attention_book.sound import RATE, VOWELS, frames, speak


def alone(vowel, length=4000, seed=0):
    return speak(np.array([[vowel]]), np.array([[length]]), np.random.default_rng(seed))[0]


@pytest.mark.parametrize("vowel", range(5))
def test_a_vowel_is_strong_at_its_formants(vowel):
    strengths = frames(alone(vowel), 256, 256).mean(axis=0)
    hertz = np.arange(129) * RATE / 256
    for formant in list(VOWELS.values())[vowel]:
        near = np.abs(hertz - formant) < 160
        between = np.abs(hertz - 3400) < 300
        assert strengths[near].max() > 2 * strengths[between].max()


def test_each_vowel_has_its_time_and_the_rest_is_silence():
    vowels, lengths = np.array([[0, 1, 2], [3, 4, 0]]), np.array([[500, 600, 700], [480, 0, 0]])
    made = speak(vowels, lengths, np.random.default_rng(1))
    assert made.shape == (2, 1800)
    assert not made[1, 480 + 240 :].any()
    loudness = np.abs(made[0])
    for start, stop in [(0, 500), (500, 1100), (1100, 1800)]:
        part = loudness[start:stop]
        assert part[: len(part) // 3].max() > part[-len(part) // 3 :].max()


def test_a_vowel_said_twice_begins_twice():
    once = speak(np.array([[0]]), np.array([[1600]]), np.random.default_rng(5))[0]
    twice = speak(np.array([[0, 0]]), np.array([[800, 800]]), np.random.default_rng(5))[0]
    peaks = [np.abs(x).reshape(-1, 100).max(axis=1) for x in (once, twice)]
    assert peaks[0][8:10].max() < 0.8 * peaks[0][:2].max()
    assert peaks[1][8:10].max() > peaks[1][6:8].max()


def test_no_length_leaves_a_vowel_out():
    both = [np.array([[0, 3, 1]]), np.array([[500, 0, 500]])]
    assert speak(*both, np.random.default_rng(2)).shape == (1, 1000)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("vowels", "lengths", "message"),
    [
        ([[5]], [[500]], "vowels must be whole numbers from 0 to 4"),
        ([[0]], [[-1]], "lengths must be whole numbers from 0"),
        ([[0]], [[1.5]], "lengths must be whole numbers"),
        ([[0, 1]], [[500]], "lengths must have one shape"),
        ([0], [500], "vowels must have one shape"),
        (np.zeros((0, 2), int), np.zeros((0, 2), int), "vowels must have one shape"),
    ],
)
def test_what_no_voice_says_is_refused(vowels, lengths, message):
    with pytest.raises(ValueError, match=f"speak: {message}"):
        speak(np.array(vowels), np.array(lengths), np.random.default_rng(0))
