"""Tokenizers that look each piece of a text up in a table."""

from collections import Counter

from .tokenizer import Saved, Tokenizer, text_given


class _Table(Saved, Tokenizer):
    field = "pieces"

    def __init__(self, pieces):
        kind = type(self).__name__
        if not isinstance(pieces, (list, tuple)) or not all(isinstance(p, str) for p in pieces):
            raise TypeError(f"{kind}: pieces must be a list of strings, got {pieces!r:.60}")
        self.pieces = list(pieces)
        self.ids = {piece: i for i, piece in enumerate(self.pieces)}
        for piece in self.pieces:
            if self._split(piece) != [piece]:
                raise ValueError(f"{kind}: {piece!r:.60} is not a single {self.noun}")
        if len(self.ids) < len(self.pieces):
            twice, _ = Counter(self.pieces).most_common(1)[0]
            raise ValueError(f"{kind}: {twice!r:.60} is in the vocabulary more than once")

    @classmethod
    def train(cls, text):
        """The vocabulary of a text, sorted."""
        return cls(sorted(set(cls._split(text_given(f"{cls.__name__}.train", text)))))

    def encode(self, text):
        """The ids of the text; ValueError names what is not in the vocabulary, and where."""
        where = f"{type(self).__name__}.encode"
        pieces = self._split(text_given(where, text))
        for place, piece in enumerate(pieces):
            if piece not in self.ids:
                raise ValueError(
                    f"{where}: {self.noun} {piece!r:.60} at {place} is not in the vocabulary of "
                    f"{len(self)}"
                )
        return [self.ids[piece] for piece in pieces]

    def decode(self, ids):
        """The text of one id or a row of ids; of a batch, or of steps, a list of texts."""
        return self._texts(ids, lambda where, row: self._join([self.pieces[i] for i in row]))


class Characters(_Table):
    """Each character is a token."""

    noun = "character"
    _split = staticmethod(list[str])
    _join = staticmethod("".join)


class Words(_Table):
    """Each word is a token; words are what single spaces separate, punctuation included."""

    noun = "word"
    _join = staticmethod(" ".join)

    @staticmethod
    def _split(text):
        return text.split(" ") if text else []
