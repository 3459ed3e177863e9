"""Folds whose name, place or first line would give away what they hide, or hide too much."""

import re
from collections.abc import Iterator

from nbformat import NotebookNode

from tests.notebooks.cells import code_cells, markdown_cells, shown
from tools import folds

Problems = Iterator[tuple[NotebookNode, str]]


def titles(notebook: NotebookNode) -> Problems:
    for cell in code_cells(notebook):
        folded = "hide-input" in cell.metadata.get("tags", [])
        if folded != cell.source.startswith("# @title "):
            yield cell, "must begin with a `# @title` if its code is folded, and only then"


def answers(notebook: NotebookNode) -> Problems:
    """JupyterLab goes on showing the first line of an output that is folded."""
    for cell in code_cells(notebook):
        if "hide-output" in cell.metadata.get("tags", []):
            first = "".join(content for _, content in shown(cell)[:1]).split("\n")[0]
            if not first.endswith(":"):
                yield cell, f"gives away {first!r}: begin with a line that names it, and a colon"


def solutions(notebook: NotebookNode) -> Problems:
    for cell in markdown_cells(notebook):
        if "# Solution" in cell.source and not folds.is_solution(cell):
            yield cell, "has more than the heading of a solution, and would not fold with it"
        if re.search(r".\n#+ ", cell.source, re.S) and cell in folds.in_solutions(notebook):
            yield cell, "goes on after a solution: begin a cell with the next heading"
