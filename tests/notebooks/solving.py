"""A handout filled in with the chapter's own solutions, and what a handout gives away."""

import re
from copy import deepcopy

from nbformat import NotebookNode

from tests.notebooks.cells import code_cells, markdown_cells
from tools.unsolved import awake

PART = re.compile(r"^#+ (?:(Exercise|Solution) ((?:\d+|[A-Z])\.\d+))?.*", re.M)
ANSWER = re.compile(r"<summary>Answer</summary>\s*(.*?)\s*</details>", re.S)


def parts(notebook: NotebookNode, kind: str) -> dict[str, list[NotebookNode]]:
    """The cells of each exercise, or of each solution, by its number; its heading begins them."""
    found: dict[str, list[NotebookNode]] = {}
    inside: tuple[str, str] = ("", "")
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (headings := PART.findall(cell.source)):
            inside = headings[-1]
        if inside[0] == kind:
            found.setdefault(inside[1], []).append(cell)
    return found


def code(cells: list[NotebookNode]) -> list[NotebookNode]:
    return [cell for cell in cells if cell.cell_type == "code"]


def is_empty(cell: NotebookNode) -> bool:
    """Whether it is code of which nothing is executed."""
    return cell.cell_type == "code" and all(
        line[:1] in ("#", "") for line in cell.source.split("\n")
    )


def solved(handout: NotebookNode, chapter: NotebookNode) -> NotebookNode:
    """The handout with a solution in the place of each empty cell, and the chapter's outputs."""
    shown = {cell.id: cell for cell in code_cells(chapter)}
    solutions = {n: code(cells) for n, cells in parts(chapter, "Solution").items()}
    tasks = parts(handout, "Exercise").items()
    empty = {cell.id: n for n, cells in tasks for cell in cells if is_empty(cell)}
    whole = deepcopy(handout)
    whole.cells = []
    for cell in deepcopy(handout.cells):
        if cell.id in shown:
            cell.update(source=awake(cell.source), outputs=shown[cell.id].outputs)
            cell.metadata |= {k: v for k, v in shown[cell.id].metadata.items() if k == "proofs"}
        whole.cells += solutions[empty[cell.id]] if cell.id in empty else [cell]
    for count, cell in enumerate(code_cells(whole), 1):
        cell.execution_count = count
    return whole


def given_away(handout: NotebookNode, chapter: NotebookNode) -> list[str]:
    """What the handout says that the class should find: outputs, solutions and answers."""
    text = "\n".join(cell.source for cell in handout.cells)
    told = [cell.source for cells in parts(chapter, "Solution").values() for cell in cells]
    told += [body for cell in markdown_cells(chapter) for body in ANSWER.findall(cell.source)]
    told += ["Solution ", "<summary>Answer"]
    found = [part for part in told if part in text]
    cells = code_cells(handout)
    return found + [c.id for c in cells if c.outputs or c.execution_count or "proofs" in c.metadata]
