"""Folders with a tokenizer in which something is another."""

import json


def changed(folder, to, *path, value):
    """A copy of `tokenizer.json` in which one thing is another."""
    file = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    *parts, last = path
    inner = file
    for part in parts:
        inner = inner[part]
    inner[last] = value(inner[last]) if callable(value) else value
    (to / "tokenizer.json").write_text(json.dumps(file), encoding="utf-8")
    return to
