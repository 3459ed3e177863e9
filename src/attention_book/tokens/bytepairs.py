"""Byte-pair encoding: learn which neighbors to join, join them, and undo it."""

import codecs
import re
from collections import Counter
from itertools import pairwise

from .tokenizer import Tokenizer, text_given

# Words with the space before them, runs of punctuation, runs of spaces: all of the text, in order.
# No longer than 32, because the time that a chunk takes grows with the square of its length.
CHUNK = re.compile(r" ?\w{1,32}| ?[^\w\s]{1,32}|\s+(?!\S)|\s+")


class ByteBPE(Tokenizer):
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
                raise ValueError(f"ByteBPE: merge {place} must be a pair of ids, got {pair!r}")
            left, right = self._checked(f"merges[{place}]", pair)
            self.merges.append((left, right))
            self.pieces.append(self.pieces[left] + self.pieces[right])
        self.ranks = {pair: 256 + i for i, pair in enumerate(self.merges)}
        if len(self.ranks) < len(self.merges):
            raise ValueError("ByteBPE: the same pair is merged twice")

    @classmethod
    def train(cls, text, n_merges):
        """Merge the most frequent pair, `n_merges` times, or until no pair occurs twice.

        Of pairs equally frequent, the one with the smallest ids goes first.
        """
        if isinstance(n_merges, bool) or not isinstance(n_merges, int) or n_merges < 0:
            raise ValueError(f"ByteBPE.train: n_merges must be an int, 0 or more, got {n_merges!r}")
        chunks = Counter(CHUNK.findall(text_given("ByteBPE.train", text)))
        words = {tuple(_bytes("ByteBPE.train", chunk)): n for chunk, n in chunks.items()}
        merges = []
        while len(merges) < n_merges and (best := _most_frequent_pair(words)):
            words = {_merge(word, best, 256 + len(merges)): n for word, n in words.items()}
            merges.append(best)
        return cls(merges)

    def encode(self, text):
        """The ids of the text: of all merges that apply, the earliest goes first."""
        known = {}
        ids = []
        for chunk in CHUNK.findall(text_given("ByteBPE.encode", text)):
            if chunk not in known:
                known[chunk] = self._encode_chunk(_bytes("ByteBPE.encode", chunk))
            ids += known[chunk]
        return ids

    def decode(self, ids, errors="strict"):
        """The text of the ids; `errors` says, as in `bytes.decode`, what half a character is."""
        data = b"".join(self.pieces[i] for i in self._checked("decode", ids))
        try:
            return data.decode("utf-8", errors)
        except UnicodeDecodeError as error:
            raise ValueError(f"ByteBPE.decode: {_half(error)}") from None

    def stream(self, ids, errors="strict"):
        """Yield the text of the ids as it becomes complete, never half a character."""
        decoder = codecs.getincrementaldecoder("utf-8")(errors)
        try:
            for i in self._checked("stream", ids):
                if text := decoder.decode(self.pieces[i]):
                    yield text
            if text := decoder.decode(b"", final=True):
                yield text
        except UnicodeDecodeError as error:
            raise ValueError(f"ByteBPE.stream: {_half(error)}") from None

    def cut(self, text):
        """The bytes of each token of the text."""
        return [self.pieces[i] for i in self.encode(text)]

    def history(self, text):
        """How the text is cut after 0, 1, 2, ... of the merges."""
        return [ByteBPE(self.merges[:n]).cut(text) for n in range(len(self.merges) + 1)]

    def _encode_chunk(self, chunk):
        word = tuple(chunk)
        while pairs := [pair for pair in pairwise(word) if pair in self.ranks]:
            first = min(pairs, key=self.ranks.get)
            word = _merge(word, first, self.ranks[first])
        return word


def _most_frequent_pair(words):
    counts = Counter()
    for word, n in words.items():
        for pair in pairwise(word):
            counts[pair] += n
    repeated = [pair for pair, n in counts.items() if n > 1]
    return min(repeated, key=lambda pair: (-counts[pair], pair), default=None)


def _merge(word, pair, new):
    merged, i = [], 0
    while i < len(word):
        here = word[i : i + 2] == pair
        merged.append(new if here else word[i])
        i += 2 if here else 1
    return tuple(merged)


def _bytes(where, chunk):
    try:
        return chunk.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{where}: {chunk!r} holds a lone surrogate, {chunk[error.start]!r}, which is no "
            f"character and has no UTF-8"
        ) from None


def _half(error):
    return (
        f"byte {error.object[error.start]:#04x} at {error.start} is only part of a character; "
        f"write errors='replace' to see it as \N{REPLACEMENT CHARACTER}"
    )
