"""What all tokenizers share: a size, a file, and a look at what they are given."""

import json
from pathlib import Path


class Tokenizer:
    """A tokenizer whose one field, a list, is the whole of it."""

    @classmethod
    def load(cls, path):
        """The tokenizer that `save` wrote; ValueError if the file holds anything else."""
        kind, field = cls.__name__, cls.field
        try:
            saved = json.loads(Path(path).read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{kind}.load: {Path(path).name} is not JSON: {error}") from None
        if not isinstance(saved, dict) or saved.get("kind") != kind or field not in saved:
            raise ValueError(
                f'{kind}.load: {Path(path).name} must hold "kind": "{kind}" and "{field}"'
            )
        return cls(saved[field])

    def save(self, path):
        """Write the tokenizer as plain JSON."""
        content = {"kind": type(self).__name__, self.field: getattr(self, self.field)}
        Path(path).write_text(json.dumps(content), encoding="utf-8")

    def __len__(self):
        """The size of the vocabulary."""
        return len(self.pieces)

    def _checked(self, function, ids):
        where = f"{type(self).__name__}.{function}"
        ids = ids.tolist() if hasattr(ids, "tolist") else ids
        if isinstance(ids, (str, bytes)) or not hasattr(ids, "__iter__"):
            raise TypeError(f"{where}: ids must be a row of ints, got {ids!r}")
        for place, i in enumerate(ids):
            if isinstance(i, bool) or not isinstance(i, int):
                raise TypeError(f"{where}: id {i!r} at {place} must be an int")
            if not 0 <= i < len(self):
                raise IndexError(
                    f"{where}: id {i} at {place} is not in the vocabulary of {len(self)}"
                )
            yield i


def text_given(where, text):
    if not isinstance(text, str):
        raise TypeError(f"{where}: text must be a str, got {type(text).__name__}")
    return text
