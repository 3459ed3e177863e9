"""A chapter's size: 12–20 code cells, median of 6 lines or fewer, none over 15, 1,500–2,500 words.

Code cells are the teaching cells: all but the first one, which only finds the library, and those of
the exercises, each from its ``exercise`` to its ``solution-end``. No cell but the first may be
longer than 15 lines, in exercises too. Lines are those that are not blank. Words are those of the
Markdown cells, exercises included and solutions not (from ``solution-start`` to ``solution-end``),
without formulas, code, addresses, roles and directive lines.
"""

import re
from statistics import median

from nbformat import NotebookNode

from tests.notebooks.cells import code_cells, label, markdown_cells

NOT_WORDS = [
    r"\{solution-start\}(?s:.*?)\{solution-end\}",
    r"^(`{3,}|~{3,})(?s:.*?)^\1",  # code blocks
    r"\$\$(?s:.*?)\$\$",
    r"\$[^$\n]+\$",
    r"^:{3,}.*$",  # the first and last lines of directives, and their options
    r"^:[\w-]+:.*$",
    r"^\([\w-]+\)=$",
    r"\{[\w:-]+\}`[^`]*`",
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


def teaching_cells(notebook: NotebookNode) -> list[NotebookNode]:
    cells, last = [], "solution-end"
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            last = [last, *re.findall(r"\{(exercise|solution-end)\}", cell.source)][-1]
        elif last == "solution-end":
            cells.append(cell)
    return cells[1:]


def size_problems(notebook: NotebookNode) -> list[str]:
    teaching = [lines(cell) for cell in teaching_cells(notebook)]
    found = [
        f"{label(notebook, cell)} has {lines(cell)} lines of code, more than 15: move some to src/"
        for cell in code_cells(notebook)[1:]
        if lines(cell) > 15
    ]
    if not 12 <= len(teaching) <= 20:
        found.append(f"has {len(teaching)} teaching cells, not 12 to 20")
    if median(teaching) > 6:
        found.append(f"has a median cell of {median(teaching)} lines, more than 6")
    if not 1500 <= words(notebook) <= 2500:
        found.append(f"has {words(notebook)} words, not 1,500 to 2,500")
    return found
