"""GPT-2's tokenizer, as it was published."""

import re
from collections.abc import Iterator
from pathlib import Path

from ..validate.numbers import instance
from .merging import merged
from .pieces import ByteTokens, utf8
from .published import read
from .tokenizer import text_given
from .vocabulary import END, LETTERS, ranks, spelled

# Endings such as 's, words with the space before them, numbers, punctuation, runs of spaces.
CUT = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
N_KNOWN, LONGEST_KNOWN = 2**16, 100  # words that are cut once and remembered


class GPT2Tokens(ByteTokens):
    """GPT-2's tokenizer: byte-pair encoding, with the ids and the merges that were published.

    `vocabulary` gives each piece, spelled in letters that stand for bytes, its id; `merges` are
    pairs of pieces, the earliest first; `added` are pieces with their ids that are not cut
    wherever they stand in a text, the leftmost and then the longest first if they overlap.
    `<|endoftext|>` is always one of them, its id is `end`.
    Source: Radford et al. (2019), section 2.2, and the code published with it.
    """

    def __init__(self, vocabulary: dict[str, int], merges: list, added: dict | None = None):
        instance("GPT2Tokens", "vocabulary", vocabulary, dict)
        instance("GPT2Tokens", "merges", merges, list)
        self.added = dict(added or {})
        ids = vocabulary | self.added
        self.end = self.added[END] = ids.setdefault(END, len(ids))
        self.ranks = ranks(ids, merges, self.added)
        self.pieces = [spelled(piece) for piece in sorted(ids, key=ids.__getitem__)]
        self.letters = [ids[letter] for letter in LETTERS]
        longest_first = sorted(self.added, key=len, reverse=True)
        self._apart = re.compile(f"({'|'.join(map(re.escape, longest_first))})")
        self._cut = _rule()
        self._known: dict[str, list[int]] = {}

    @classmethod
    def load(cls, folder: str | Path):
        """The tokenizer of a folder as published: `vocab.json` and `merges.txt`, or one file.

        The one file, `tokenizer.json`, wins if it is there, because it alone also holds the added
        tokens and the rules; the other two must agree with it. ValueError says which file is
        damaged, something else, or not of GPT-2's kind; FileNotFoundError, what is missing.
        """
        files = read("GPT2Tokens.load", folder)
        try:
            return cls(*files)
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"GPT2Tokens.load: the files in {folder} do not fit together: {error}"
            ) from None

    def encode(self, text: str) -> list[int]:
        """The ids of the text, the same as Hugging Face's GPT2Tokenizer gives.

        `<|endoftext|>` in the text becomes its one id (there: split_special_tokens=False, the
        default). What a letter or a number is, the package `regex` knows: characters that are
        newer than its Unicode, or than Hugging Face's, may be cut in another place.
        """
        ids = []
        for part in self._apart.split(text_given("GPT2Tokens.encode", text)):
            if part in self.added:
                ids.append(self.added[part])
            else:
                for word in self._cut.findall(part):
                    ids += self._word(word)
        return ids

    def decode(self, ids, errors: str = "replace"):
        """The text of one id or a row of ids; of a batch, or of steps, a list of texts.

        Half a character becomes \N{REPLACEMENT CHARACTER}, or as `errors` says, as in
        `bytes.decode`. Nothing is left out or cleaned up.
        """
        return super().decode(ids, errors)

    def stream(self, ids, errors: str = "replace") -> Iterator[str]:
        """Yield the text of one row of ids as it becomes complete; together, that of `decode`."""
        return super().stream(ids, errors)

    def _word(self, word):
        ids = self._known.get(word)
        if ids is None:
            letters = [self.letters[byte] for byte in utf8("GPT2Tokens.encode", word)]
            ids = merged(letters, self.ranks)
            if len(self._known) < N_KNOWN and len(word) <= LONGEST_KNOWN:
                self._known[word] = ids
        return ids


def _rule():
    try:
        import regex
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "GPT2Tokens: the rule that cuts words needs the package regex; write "
            'pip install "attention-book[tokens]"'
        ) from None
    return regex.compile(CUT)
