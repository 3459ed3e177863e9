"""Texts that tokenizers meet."""

import random
import sys
import unicodedata

import numpy as np

SENTENCE = (
    "A robot must obey the orders given it by human beings except where such orders would "
    "conflict with the First Law"
)
TEXT = (SENTENCE + ". 机器人必须服从人类的命令。 Ünïcödé, naïve façade: 1 + 1 = 2!\n\n\t") * 5
CODE = """def obey(robot, orders=("first", "second")):\n    for order in orders:
        if order != "harm a human":  # it's the Law, they'll say; I've read it, we're sure
            robot.laws[1984] += [f"{order}: {3.14159e-10:.2f}"]\n\n\n    return robot\t\t\n"""
ODD = [
    "", " ", "   ", "\0", "a\0b", "\n", "\r\n\t", " a", "a ", "  a  b  ", "\ufeffa", "\u200b",
    "e\u0301", "é", "👩‍👩‍👧‍👦", "\u202eabc", "\U0010ffff", "\ufffe", "\x7f\x80", "___", "a_b",
    "१२३", " \u3000 ", "\x1c\x1f", "\x85", "\xa0a", "a\u2028b", "नमस्ते", "ﷺ", "\U000e0041", "İ",
    "don't DON'T they'll 'tis we've'd I'm you're 's '", "3.14 1e-10 0x1F 1,000", "½²", "a  \n \n b",
]  # fmt: skip
END = "<|endoftext|>"
PARTS = [*ODD, SENTENCE, CODE, END, "<|endoftext", "|>", "'s", "'ll", " ", "  ", "\n", "12", "the"]
CHARACTERS = [chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) != "Cs"]
ASSIGNED = [c for c in CHARACTERS if unicodedata.category(c) != "Cn"]


def strings(n, seed=0):
    """n random strings over all of Unicode but the surrogates, up to 24 characters long."""
    rng = np.random.default_rng(seed)
    for length in rng.integers(25, size=n):
        ranges = rng.choice([0x80, 0x800, 0x10000, 0x110000], size=length)
        codes = (rng.random(length) * ranges).astype(int)
        yield "".join(chr(c) for c in codes if not 0xD800 <= c < 0xE000)


def mixtures(n, seed=0):
    """n random strings of characters that this Python knows and of what breaks tokenizers."""
    rng = random.Random(seed)
    for _ in range(n):
        many = rng.randint(0, 12)
        yield "".join(rng.choice(rng.choice([PARTS, ASSIGNED])) for _ in range(many))
