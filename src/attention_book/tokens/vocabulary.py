"""GPT-2's vocabulary: pieces spelled in letters that stand for bytes, and how they are made."""

from ..validate.numbers import shown
from .pieces import utf8

END = "<|endoftext|>"


def _letters():
    """The letter for each byte: its own if it can be seen, else one from 256 on."""
    seen = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = iter(range(256, 512))
    return [chr(byte if byte in seen else next(others)) for byte in range(256)]


LETTERS = _letters()
BYTES = {letter: byte for byte, letter in enumerate(LETTERS)}


def spelled(piece):
    """The bytes of a piece; one that was added may hold other letters, and is taken as it is."""
    if set(piece) <= BYTES.keys():
        return bytes(BYTES[letter] for letter in piece)
    return utf8("GPT2Tokens", piece)


def ranks(ids, merges, added):
    """The rank and the new id of each pair of ids, if every piece has an id and can be made."""
    _numbered(ids)
    found = {}
    for rank, pair in enumerate(merges):
        if not _joins(pair, ids):
            raise ValueError(
                f"GPT2Tokens: merge {rank} must join two pieces of the vocabulary into a third, "
                f"got {shown(pair)}"
            )
        left, right = pair
        found[ids[left], ids[right]] = (rank, ids[left + right])
    _all_made({*LETTERS, *added, *map("".join, merges)}, ids)
    return found


def _numbered(ids):
    if any(type(i) is not int for i in ids.values()) or {*ids.values()} != {*range(len(ids))}:
        raise ValueError(f"GPT2Tokens: the ids must be 0 to {len(ids) - 1}, each of one piece")
    if missing := [byte for byte, letter in enumerate(LETTERS) if letter not in ids]:
        raise ValueError(
            f"GPT2Tokens: the vocabulary lacks {len(missing)} of the 256 bytes, the first is "
            f"{missing[0]:#04x}, spelled {LETTERS[missing[0]]!r}"
        )


def _joins(pair, ids):
    if not isinstance(pair, (list, tuple)) or len(pair) != 2:
        return False
    return all(isinstance(x, str) and x in ids for x in pair) and "".join(pair) in ids


def _all_made(made, ids):
    if unmade := [piece for piece in ids if piece not in made]:
        raise ValueError(
            f"GPT2Tokens: no merge makes {unmade[0]!r:.60}, nor {len(unmade) - 1} other pieces; "
            f"either merges are missing, or these are special tokens and should be added ones"
        )
