"""Pages made richer than their plain text, by reading it; _config.yml registers this extension.

CONTRIBUTING.md says what a chapter may write. What cannot be right is a warning, which the build
takes for an error.
"""

from . import (
    borrowed,
    boxes,
    cards,
    chinese,
    citations,
    exercises,
    figures,
    folds,
    glossary,
    numbers,
    outputs,
    terms,
    texts,
)

PARTS = [
    texts,
    glossary,
    boxes,
    exercises,
    figures,
    folds,
    outputs,
    terms,
    cards,
    numbers,
    citations,
    chinese,
    borrowed,
]


def setup(app):
    for part in PARTS:
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
