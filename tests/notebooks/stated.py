"""What a cell must have done for the statement that it carries; _ext/book_proofs lists them all."""

import re
from collections.abc import Iterator

from book_proofs.statements import FIELDS, equalities, statement
from nbformat import NotebookNode


def statements(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, str]]:
    for cell in notebook.cells:
        if "statement" in cell.metadata and (problem := _problem(cell)):
            yield cell, problem


def _problem(cell: NotebookNode) -> str:
    stated = statement(cell)
    kind = stated.get("kind")
    if kind not in FIELDS:
        return f"has a statement of the kind {kind!r}: only {sorted(FIELDS)} are known"
    if sorted(stated) != sorted(["kind", *FIELDS[kind]]) or not all(stated.values()):
        return f"has a statement with {sorted(stated)}: one that is {kind} has {FIELDS[kind]}"
    if not re.fullmatch(r"\S.*\.", stated["says"]):
        return f"states what is no sentence, {stated['says']!r}: write it as one line with a period"
    if kind in ("equal", "counted") and not equalities(cell):
        return f"states what is {kind}, but no equality held in it: check one, and re-execute"
    if kind == "measured" and not re.search(r"\d", stated["seeds"]):
        return f"has measured with the seeds {stated['seeds']!r}: give their numbers"
    if (kind == "argued") != (cell.cell_type == "markdown"):
        return f"states what is {kind} in a cell of {cell.cell_type}: only text argues"
    return ""
