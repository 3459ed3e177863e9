"""Byte-pair encoding: learn which neighbors to join, join them, and undo it."""

import re
from collections import Counter
from itertools import pairwise

from ..validate.numbers import whole_number
from .merging import merged
from .pieces import ByteTokens, utf8
from .tokenizer import Saved, text_given

# Words with the space before them, runs of punctuation, runs of spaces: all of the text, in order.
CHUNK = re.compile(r" ?\w+| ?[^\w\s]+|\s+(?!\S)|\s+")


class ByteBPE(Saved, ByteTokens):
    """Byte-pair encoding: the 256 bytes, and tokens that each join two earlier ones.

    Token 256 + i is the i-th merge, a pair of ids. Source: Sennrich et al. (2016), section 3.2;
    on bytes, Radford et al. (2019), section 2.2.
    """

    field = "merges"

    def __init__(self, merges=()):
        if not isinstance(merges, (list, tuple)):
            raise TypeError(f"ByteBPE: merges must be a list of pairs, got {merges!r:.60}")
        self.merges = []
        self.pieces = [bytes([i]) for i in range(256)]
        for place, pair in enumerate(merges):
            if not isinstance(pair, (list, tuple)) or len(pair) != 2:
                raise ValueError(f"ByteBPE: merge {place} must be a pair of ids, got {pair!r:.60}")
            left, right = self._checked(f"ByteBPE: merges[{place}]", pair)
            self.merges.append((left, right))
            self.pieces.append(self.pieces[left] + self.pieces[right])
        self.ranks = {pair: (i, 256 + i) for i, pair in enumerate(self.merges)}
        if len(self.ranks) < len(self.merges):
            raise ValueError("ByteBPE: the same pair is merged twice")

    @classmethod
    def train(cls, text, n_merges):
        """Merge the most frequent pair, `n_merges` times, or until no pair occurs twice.

        Of pairs equally frequent, the one with the smallest ids goes first.
        """
        n_merges = whole_number("ByteBPE.train", "n_merges", n_merges)
        chunks = Counter(CHUNK.findall(text_given("ByteBPE.train", text)))
        words = {tuple(utf8("ByteBPE.train", chunk)): n for chunk, n in chunks.items()}
        merges = []
        while len(merges) < n_merges and (best := _most_frequent_pair(words)):
            words = {_merge(word, best, 256 + len(merges)): n for word, n in words.items()}
            merges.append(best)
        return cls(merges)

    def encode(self, text: str) -> list[int]:
        """The ids of the text: of all merges that apply, the earliest goes first."""
        known = {}
        ids = []
        for chunk in CHUNK.findall(text_given("ByteBPE.encode", text)):
            if chunk not in known:
                known[chunk] = merged(utf8("ByteBPE.encode", chunk), self.ranks)
            ids += known[chunk]
        return ids

    def history(self, text: str) -> list[list[bytes]]:
        """How the text is cut after 0, 1, 2, ... of the merges."""
        return [ByteBPE(self.merges[:n]).cut(text) for n in range(len(self.merges) + 1)]


def _most_frequent_pair(words):
    counts = Counter()
    for word, n in words.items():
        for pair in pairwise(word):
            counts[pair] += n
    repeated = [pair for pair, n in counts.items() if n > 1]
    return min(repeated, key=lambda pair: (-counts[pair], pair), default=None)


def _merge(word, pair, new):
    joined, i = [], 0
    while i < len(word):
        here = word[i : i + 2] == pair
        joined.append(new if here else word[i])
        i += 2 if here else 1
    return tuple(joined)
