"""Bugs of what makes and cuts sounds, and of what asks about them."""

from .mutant import Mutant

STRINGS, VOICES = "tests/sound/test_strings.py", "tests/sound/test_voices.py"
SPECTRA, MELODIES = "tests/sound/test_spectra.py", "tests/tasks/test_melodies.py"

MUTANTS = [
    Mutant(
        "a string out of tune",
        "sound/strings.py",
        "period = RATE / hertz(pitch) - 0.5",
        "period = RATE / hertz(pitch) + 0.5",
        f"{STRINGS} -k tune",
    ),
    Mutant(
        "a string that hums below its note",
        "sound/strings.py",
        "noise - noise.mean()",
        "noise",
        f"{STRINGS} -k formula",
    ),
    Mutant(
        "a frame cut off hard",
        "sound/spectra.py",
        "cut * np.hanning(size)",
        "cut",
        f"{SPECTRA} -k transforms",
    ),
    Mutant(
        "a vowel said twice rings on as one",
        "sound/voices.py",
        "loud[voice, place] * (1 - 0.6 * after / lengths[voice, place])",
        "loud[voice, place]",
        f"{VOICES} -k begins_twice",
    ),
    Mutant(
        "vowels that begin together",
        "sound/voices.py",
        "(lengths.cumsum(1) - lengths)[voice, place]",
        "0",
        f"{VOICES} -k its_time",
    ),
    Mutant(
        "the first note, which gives the key away, is asked for",
        "tasks/melodies.py",
        "        targets[:, 0] = IGNORED\n",
        "",
        f"{MELODIES} -k drawn",
    ),
    Mutant(
        "the letter of a frame's first sample",
        "tasks/spoken.py",
        "middle = SIZE // 2 + HOP",
        "middle = HOP",
        "tests/tasks/test_spoken.py -k middles",
    ),
]
