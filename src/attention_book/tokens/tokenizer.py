"""What all tokenizers share: a size, a look at what they are given, and a file."""

import json
import math
from pathlib import Path

from ..validate.numbers import whole_number
from .forms import texts


class Tokenizer:
    """A vocabulary, the `pieces`, of which a token's id is the place."""

    pieces: list

    def __len__(self) -> int:
        """The size of the vocabulary."""
        return len(self.pieces)

    def _texts(self, ids, text):
        where = f"{type(self).__name__}.decode"
        return texts(where, ids, lambda where, row: text(where, [*self._checked(where, row)]))

    def _checked(self, where, ids):
        for place, i in enumerate(ids):
            if type(i) is not int:
                i = whole_number(where, f"ids[{place}]", i, least=-math.inf)
            if not 0 <= i < len(self.pieces):
                raise IndexError(
                    f"{where}: id {i} at {place} is not in the vocabulary of {len(self)}"
                )
            yield i


class Saved:
    """A tokenizer whose one field, a list, is the whole of it."""

    @classmethod
    def load(cls, path):
        """The tokenizer that `save` wrote; ValueError if the file holds anything else."""
        where, field = f"{cls.__name__}.load", cls.field
        saved = settings(where, path)
        if saved.get("kind") != cls.__name__ or field not in saved:
            raise ValueError(
                f'{where}: {Path(path).name} must hold "kind": "{cls.__name__}" and "{field}"'
            )
        return cls(saved[field])

    def save(self, path):
        """Write the tokenizer as plain JSON, in one step."""
        path = Path(path)
        content = {"kind": type(self).__name__, self.field: getattr(self, self.field)}
        draft = path.with_name(path.name + ".draft")
        draft.write_text(json.dumps(content), encoding="utf-8")
        draft.replace(path)


def settings(where, path):
    """What a JSON file says; ValueError if it is damaged or something else."""
    from ..models.files import read_settings  # here, for tokenizers need no models

    try:
        return read_settings(path)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def text_given(where, text):
    if not isinstance(text, str):
        raise TypeError(f"{where}: text must be a str, got {type(text).__name__}")
    return text
