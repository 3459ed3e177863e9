"""Markdown that reads the same everywhere: nothing that only the site would understand, and no copy
of a program that could differ from it.
"""

import re
from collections.abc import Iterator
from itertools import takewhile

from book_text import boxes
from nbformat import NotebookNode

from tests.notebooks.cells import markdown_cells
from tools.repository import ROOT

SPHINX_ONLY = {
    "a fence": r"^\s*:{3,}.*",
    "a directive": r"^\s*(`{3,}|~{3,})\s*\{.*",
    "a role": r"\{[\w:-]+\}`",
    "a target": r"^\([\w-]+\)=$",
    "a substitution": r"\{\{.*?\}\}",
}
Problems = Iterator[tuple[NotebookNode, str]]


def plain(notebook: NotebookNode) -> Problems:
    for cell in markdown_cells(notebook):
        for name, pattern in SPHINX_ONLY.items():
            if found := re.search(pattern, cell.source, re.M):
                yield cell, f"has {name}, {found[0]!r}, which only the site would understand"


def openings(notebook: NotebookNode) -> Problems:
    for cell in markdown_cells(notebook):
        for words in boxes.KINDS:
            if re.search(rf"(?<!^> )\*\*{re.escape(words)}\*\*", cell.source, re.M):
                yield cell, f"has **{words}** where no block quote begins: only a quote is a box"


def arguments(notebook: NotebookNode) -> Problems:
    """A proof is an argument, stated as one; a check is run below it, in the same section."""
    for index, cell in enumerate(notebook.cells):
        stated = cell.metadata.get("statement", {}).get("kind")
        if "**Proof.**" in cell.source and stated != "argued":
            yield cell, "has **Proof.** and states nothing argued: a check opens with **Checked.**"
        below = takewhile(within, notebook.cells[index + 1 :])
        if "**Checked.**" in cell.source and not any(c.metadata.get("proofs") for c in below):
            yield cell, "has **Checked.** and no check held below it, in the same section"


def within(cell: NotebookNode) -> bool:
    """Whether the section goes on with this cell."""
    return cell.cell_type == "code" or not re.search("^#+ ", cell.source, re.M)


def quotations(notebook: NotebookNode) -> Problems:
    programs = [stripped(path.read_text("utf-8")) for path in (ROOT / "tools").glob("*.py")]
    for cell in markdown_cells(notebook):
        for code in re.findall(r"^```python\n(.*?)\n```", cell.source, re.M | re.S):
            if not any(stripped(code) in program for program in programs):
                yield cell, f"quotes what no program in tools/ says: {code}"


def stripped(code: str) -> str:
    return "\n".join(map(str.strip, code.splitlines()))
