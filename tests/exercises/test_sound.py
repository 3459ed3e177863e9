import numpy as np

from attention_book import sound as library
from attention_book.exercises import sound
from tests.exercises.answers import accepted, all_refused


def tokens(seconds, rate, size, hop):
    return 1 + (seconds * rate - size) // hop


WRONG_TOKENS = {
    "one frame less": (lambda s, r, size, hop: (s * r - size) // hop, "the first frame"),
    "side by side": (lambda s, r, size, hop: s * r // size, "frames overlap"),
    "to the end": (lambda s, r, size, hop: -(-s * r // hop), "beyond the sound"),
    "a fraction": (lambda s, r, size, hop: 1 + (s * r - size) / hop, "a count is an int"),
    "one sound": (lambda *_: 39, "30 s at 16000 samples a second, frames of 400 every 160"),
    "nothing": (lambda *_: None, "return"),
    "dots": (lambda *_: ..., "replace the dots"),
}


def pluck(noise, n):
    y = list(noise[:n])
    while len(y) < n:
        t = len(y)
        y.append((y[t - len(noise)] + (y[t - len(noise) - 1] if t > len(noise) else 0)) / 2)
    return np.array(y)


def too_near(noise, n):
    y = list(noise[:n])
    while len(y) < n:
        y.append((y[-len(noise)] + y[1 - len(noise)]) / 2)
    return np.array(y)


def in_place(noise, n):
    made = pluck(noise, n)
    noise *= 0
    return made


WRONG_PLUCK = {
    "no average": (lambda noise, n: np.resize(noise, n), "repeats the noise for ever"),
    "one too near": (too_near, "one further back"),
    "half": (lambda noise, n: pluck(noise, n) / 2, "begins with the noise itself"),
    "no end": (lambda noise, n: pluck(noise, n + 1), "samples are asked for"),
    "three": (
        lambda noise, n: np.array([*noise[:n], *np.zeros(max(0, n - len(noise)))]),
        "average y[t - N]",
    ),
    "in place": (in_place, "leave the noise"),
    "the library's": (
        lambda noise, n: library.pluck(60, n, np.random.default_rng(0)),
        "write it yourself",
    ),
    "nothing": (lambda *_: None, "return"),
    "dots": (lambda *_: ..., "replace the dots"),
}


def scales(pitches):
    major = {0, 2, 4, 5, 7, 9, 11}
    return [first for first in range(12) if all((p - first) % 12 in major for p in pitches)]


WRONG_SCALES = {
    "any": (
        lambda p: [t for t in range(12) if any((x - t) % 12 in sound.MAJOR for x in p)],
        "all of the pitches",
    ),
    "the first note": (lambda p: [p[0] % 12], "for [60, 64, 67] it is [0, 5, 7]"),
    "with octaves": (lambda p: [x + 60 for x in scales(p)], "octaves do not count"),
    "without modulo": (
        lambda p: [t for t in range(12) if all(x - t in sound.MAJOR for x in p)],
        "it is [0, 5, 7], got []",
    ),
    "one number": (lambda p: 0, "return a list"),
    "nothing": (lambda *_: None, "return"),
    "dots": (lambda *_: ..., "replace the dots"),
}


def collapse(frames):
    kept = [f for t, f in enumerate(frames) if t == 0 or frames[t - 1] != f]
    return "".join(kept).replace("-", "")


def blanks_first(frames):
    return collapse(frames.replace("-", ""))


WRONG_COLLAPSE = {
    "blanks first": (blanks_first, "merge before the blanks go"),
    "nothing merged": (lambda f: f.replace("-", ""), "one letter"),
    "blanks stay": (
        lambda f: "".join(x for t, x in enumerate(f) if t == 0 or f[t - 1] != x),
        "no blank is a letter",
    ),
    "each letter once": (
        lambda f: "".join(dict.fromkeys(f.replace("-", ""))),
        "merge before",
    ),
    "a list": (lambda f: list(collapse(f)), "return a text"),
    "backwards": (lambda f: collapse(f)[::-1], "says 'aaio', got"),
    "nothing": (lambda *_: None, "return"),
    "dots": (lambda *_: ..., "replace the dots"),
}

RIGHT = {
    sound.tokens: tokens,
    sound.pluck: pluck,
    sound.scales: scales,
    sound.collapse: collapse,
}
WRONG = {
    sound.tokens: WRONG_TOKENS,
    sound.pluck: WRONG_PLUCK,
    sound.scales: WRONG_SCALES,
    sound.collapse: WRONG_COLLAPSE,
}


test_right_answers = accepted(RIGHT)


test_wrong_answers = all_refused(WRONG)
