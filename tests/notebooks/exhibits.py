"""The bug museum's size: many small exhibits instead of one long argument.

An exhibit is an exercise with its solution: at most 130 words that are not folded, at most four
cells of code before the solution, the one to fill in among them, none of more than 15 lines, and a
source with its year. Code that is folded does not count.
"""

import re
from collections.abc import Iterator

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from tests.notebooks.cells import code_cells, markdown_cells
from tests.notebooks.sizes import is_folded, lines, words
from tools.folds import in_solutions

BEGINS = re.compile(r"^### Exercise ([\dA-Z.]+)", re.M)
SOURCE = re.compile(r"[( ](18|19|20)\d\d\)")
FEWEST, MOST = 12, 20  # exhibits
WORDS, CELLS, LINES = 130, 4, 15  # of each
FRAME = 700  # words around the exhibits


def exhibits(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """Each exhibit by its number, as a notebook of its own; what stands around them as ''."""
    found: dict[str, list[NotebookNode]] = {"": []}
    name = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and re.match(r"#{1,3} ", cell.source):
            begins = BEGINS.match(cell.source)
            name = begins[1] if begins else ""
        found.setdefault(name, []).append(cell)
    return {name: new_notebook(cells=cells) for name, cells in found.items()}


def exhibit_problems(notebook: NotebookNode) -> list[str]:
    frame, *found = exhibits(notebook).items()
    problems = [f"exhibit {name} {fault}" for name, shown in found for fault in _faults(shown)]
    if not FEWEST <= len(found) <= MOST:
        problems.append(f"has {len(found)} exhibits, not {FEWEST} to {MOST}")
    if words(frame[1]) > FRAME:
        problems.append(f"has {words(frame[1])} words around them, more than {FRAME}")
    return problems


def _faults(exhibit: NotebookNode) -> Iterator[str]:
    solved = in_solutions(exhibit)
    shown = [cell for cell in code_cells(exhibit) if cell not in solved and not is_folded(cell)]
    if words(exhibit) > WORDS:
        yield f"has {words(exhibit)} words, more than {WORDS}"
    if not 2 <= len(shown) <= CELLS:
        yield f"has {len(shown)} cells of code, not 2 to {CELLS}"
    for cell in shown:
        if lines(cell) > LINES:
            yield f"has a cell of {lines(cell)} lines, more than {LINES}"
    if not any(SOURCE.search(cell.source) for cell in markdown_cells(exhibit)):
        yield "names no source with its year"
