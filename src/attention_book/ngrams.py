"""The rival of every language model: count which token came after the last few."""

from collections import Counter, defaultdict

import numpy as np

from .validate.numbers import instance, positive, whole_number


class NGrams:
    r"""Chances of the next token from the last n - 1, by counts of the texts in `rows`.

    After each stretch c of at most n - 1 tokens, a token x that came c(x) times of C, among U
    different ones, has the chance $(c(x) + U\,p(x)) / (C + U)$, where p is what the next shorter
    stretch says, and in the end $1 / V$ for each token. `rows` are texts as rows of ids, padded
    with `pad`, which is nothing to learn. IndexError for an id outside the vocabulary.
    Source: Witten and Bell (1991), method C, interpolated as in Chen and Goodman (1999), section 2.
    """

    def __init__(self, rows: np.ndarray, n: int, vocab_size: int, *, pad: int = 0):
        self.n = whole_number("NGrams", "n", n, least=1)
        self.vocab_size = whole_number("NGrams", "vocab_size", vocab_size, least=1)
        instance("NGrams", "rows", rows, np.ndarray)
        if rows.size and not 0 <= rows.min() <= rows.max() < self.vocab_size:
            raise IndexError(f"NGrams: ids must go from 0 to {self.vocab_size - 1}")
        self.counts: defaultdict[tuple, Counter] = defaultdict(Counter)
        for row in rows.tolist():
            text = [i for i in row if i != pad]
            for end in range(1, len(text)):
                for k in range(min(self.n, end + 1)):
                    self.counts[tuple(text[end - k : end])][text[end]] += 1

    def chances(self, text) -> np.ndarray:
        """The chance of each token after the text, a row of ids: (V,)."""
        text = [int(i) for i in text]
        chances = np.full(self.vocab_size, 1 / self.vocab_size)
        for k in range(min(self.n, len(text) + 1)):
            found = self.counts.get(tuple(text[len(text) - k :]))
            if found is None:
                break
            counted = np.zeros(self.vocab_size)
            counted[list(found)] = list(found.values())
            chances = (counted + len(found) * chances) / (counted.sum() + len(found))
        return chances

    def write(self, n_texts: int, temperature: float, rng, *, start: int, most: int) -> list:
        """Texts of at most `most` tokens, each drawn until `start` comes again, which ends it.

        `rng` is a NumPy generator. Chances are raised to 1 / temperature and divided by their sum.
        """
        n_texts = whole_number("NGrams.write", "n_texts", n_texts)
        temperature = positive("NGrams.write", "temperature", temperature)
        return [self._one(temperature, rng, start, most) for _ in range(n_texts)]

    def _one(self, temperature, rng, start, most):
        text = [start]
        while len(text) <= most:
            chances = self.chances(text)
            powers = (chances / chances.max()) ** (1 / temperature)
            text.append(int(rng.choice(self.vocab_size, p=powers / powers.sum())))
            if text[-1] == start:
                break
        return text
