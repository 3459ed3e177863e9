"""Look up what was said last: pairs of a key and a value, once or twice over, then questions.

    once    c/7  a/3  f/1            a? c?   asks for  3 7
    twice   c/7  a/3  c/2  a/5       a? c?   asks for  5 2

Said twice, every key comes again in the same order, with another value drawn for it. Of two values
of a key, drawn from 16, a rule that cannot tell which came last takes the right one in
1/16 + 15/16 · 1/2 = 17 of 32 cases.
"""

import numpy as np
import torch

from ..validate.numbers import flag, whole_number
from .task import generator

KEYS, VALUES, ASKED = 64, 16, 8


def draw(n, pairs, twice, rng):
    """n texts of so many pairs: (keys, values, asked), and the value to each key that is asked for.

    Shapes: keys and values (n, pairs), or (n, 2 pairs) if said `twice`; asked and answers (n, 8).
    `rng` is a NumPy generator or a seed.
    """
    n = whole_number("draw", "n", n, least=1)
    pairs = whole_number("draw", "pairs", pairs, least=1, most=KEYS)
    flag("draw", "twice", twice)
    rng = generator("draw", rng)
    keys = rng.permuted(np.tile(np.arange(KEYS), (n, 1)), axis=1)[:, :pairs]
    values = rng.integers(VALUES, size=(1 + twice, n, pairs))
    asked = rng.integers(pairs, size=(n, ASKED))
    said = np.tile(keys, (1, 1 + twice)), np.concatenate(values, axis=1)
    questions, answers = (np.take_along_axis(x, asked, axis=1) for x in (keys, values[-1]))
    return tuple(map(torch.from_numpy, (*said, questions))), torch.from_numpy(answers)


def batches(steps, seed, size=64, most=32):
    """As many batches of 2 to `most` pairs, every other one, by chance, said twice."""
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        yield draw(size, int(rng.integers(2, most + 1)), bool(rng.integers(2)), rng)
