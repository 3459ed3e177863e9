"""Tokens that are strings of bytes, and the characters that they make together."""

import codecs
from collections.abc import Iterator

from .forms import as_row
from .tokenizer import Tokenizer


class ByteTokens(Tokenizer):
    """A tokenizer whose pieces are bytes, so that a token may hold half a character."""

    def decode(self, ids, errors: str = "strict"):
        """The text of one id or a row of ids; of a batch, or of steps, a list of texts.

        `errors` says, as in `bytes.decode`, what becomes of half a character.
        """
        return self._texts(ids, lambda where, row: self._text(where, row, errors))

    def stream(self, ids, errors: str = "strict") -> Iterator[str]:
        """Yield the text of the ids as it becomes complete, never half a character.

        The ids are those of one text, and may be what `generate` yields for a batch of one.
        """
        where = f"{type(self).__name__}.stream"
        decoder = codecs.getincrementaldecoder("utf-8")(errors)
        try:
            for i in self._checked(where, as_row(ids)):
                if text := decoder.decode(self.pieces[i]):
                    yield text
            if text := decoder.decode(b"", final=True):
                yield text
        except UnicodeDecodeError as error:
            raise ValueError(f"{where}: {_half(error)}") from None

    def cut(self, text):
        """The bytes of each token of the text."""
        return [self.pieces[i] for i in self.encode(text)]

    def _text(self, where, row, errors):
        try:
            return b"".join(self.pieces[i] for i in row).decode("utf-8", errors)
        except UnicodeDecodeError as error:
            raise ValueError(f"{where}: {_half(error)}") from None


def utf8(where, text):
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{where}: {text!r:.60} holds a lone surrogate, {text[error.start]!r}, which is no "
            f"character and has no UTF-8"
        ) from None


def _half(error):
    return (
        f"byte {error.object[error.start]:#04x} at {error.start} is only part of a character; "
        f"write errors='replace' to see it as \N{REPLACEMENT CHARACTER}"
    )
