"""A chapter's size: 12–20 code cells, median of 6 lines or fewer, none over 15, 1,500–2,500 words.

Code cells are the teaching cells: all but those whose code is folded, those that show the library's
own code, and those of the exercises. Of these, only a check may be longer than 15 lines, up to 24.
Lines are those that are not blank. Words are those of the Markdown cells, exercises included, but
not solutions, captions, the names of exercises, the five questions at the end, formulas, code and
addresses.
"""

import re
from statistics import median

from nbformat import NotebookNode

from tests.notebooks.cells import code_cells, label, markdown_cells

EXERCISE = re.compile(r"#+ (Exercise|Solution) [\dA-Z]")
LISTING = re.compile(r"^show\(", re.M)
NOT_WORDS = [
    r"^## Five questions$(?s:.*)",
    r" Exercise [\dA-Z.]+ ★.*|<summary>.*?</summary>",
    r"^#### Solution (?s:.*?)(?=^##|\Z)",
    r"^\*Figure [\dA-Z.]+\*(?s:.*?)(?=\n\n|\Z)",
    r"^(`{3,}|~{3,})(?s:.*?)^\1",  # code blocks
    r"\$\$(?s:.*?)\$\$",
    r"\$[^$\n]+\$",
    r"`[^`\n]*`",
    r"\]\([^)\n]*\)",
    r"<[^>\n]*>",
]


def words(notebook: NotebookNode) -> int:
    prose = "\n\n".join(cell.source for cell in markdown_cells(notebook))
    for pattern in NOT_WORDS:
        prose = re.sub(pattern, " ", prose, flags=re.M)
    return len(re.findall(r"[^\W\d_][\w’'-]*", prose))


def lines(cell: NotebookNode) -> int:
    return sum(bool(line.strip()) for line in cell.source.splitlines())


def is_folded(cell: NotebookNode) -> bool:
    return "hide-input" in cell.metadata.get("tags", [])


def teaching_cells(notebook: NotebookNode) -> list[NotebookNode]:
    cells, in_exercise = [], False
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            headings = re.findall(r"^#+ .*", cell.source, re.M)
            in_exercise = bool(EXERCISE.match(headings[-1])) if headings else in_exercise
        elif not (in_exercise or is_folded(cell) or LISTING.search(cell.source)):
            cells.append(cell)
    return cells


def too_long(notebook: NotebookNode) -> list[str]:
    teaching = teaching_cells(notebook)
    shown = [cell for cell in code_cells(notebook) if not is_folded(cell)]
    most = {id(cell): 15 if cell in teaching else 24 for cell in shown}
    return [
        f"{label(notebook, cell)} has {lines(cell)} lines of code, more than {most[id(cell)]}: "
        "move some to src/"
        for cell in shown
        if lines(cell) > most[id(cell)]
    ]


def size_problems(notebook: NotebookNode) -> list[str]:
    teaching = [lines(cell) for cell in teaching_cells(notebook)]
    found = too_long(notebook)
    if not 12 <= len(teaching) <= 20:
        found.append(f"has {len(teaching)} teaching cells, not 12 to 20")
    if median(teaching) > 6:
        found.append(f"has a median cell of {median(teaching)} lines, more than 6")
    if not 1500 <= words(notebook) <= 2500:
        found.append(f"has {words(notebook)} words, not 1,500 to 2,500")
    return found
