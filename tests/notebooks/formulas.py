"""Formulas that some reader of the notebook would break, or show as their source.

GitHub's Markdown wants a space before a formula and no letter behind it, and all of it in one piece
on one line. MathJax 2, with which nbconvert and nbviewer set formulas, knows no `textcolor`.
"""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from nbformat import NotebookNode

from tests.notebooks.cells import markdown_cells

MARKDOWN = MarkdownIt("commonmark").enable("table")
FORMULA = re.compile(r"(^|[^$])(\$\$?)([^$]+)\2(.?)", re.S)
TEXT = {"text", "softbreak"}


def formulas(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, str]]:
    for cell in markdown_cells(notebook):
        for piece in pieces(cell.source):
            if piece.replace("$$", "$").count("$") % 2:
                yield cell, f"has a formula that markup cuts in two: {piece}"
            for before, sign, formula, after in FORMULA.findall(piece):
                for fault in faults(before, sign, formula, after):
                    yield cell, f"has a formula that {fault}: {formula}"


def pieces(source: str) -> Iterator[str]:
    """The text between one mark, such as the beginning of italics or code, and the next."""
    for block in MARKDOWN.parse(source):
        piece = ""
        for part in block.children or []:
            if part.type in TEXT:
                piece += part.content or "\n"
            else:
                yield piece
                piece = "`" if part.type == "code_inline" else ""
        yield piece


def faults(before: str, sign: str, formula: str, after: str) -> Iterator[str]:
    if r"\textcolor" in formula:
        yield r"needs {\color{#0072B2}{Q}} in place of \textcolor, which MathJax 2 does not know"
    if sign == "$$":
        if not (before in ("", "\n") and after in ("", "\n")):
            yield "has no lines of its own"
        return
    if before.strip() or after.isalnum():
        yield f"touches {before.strip() or after!r}"
    if formula != formula.strip() or "\n" in formula:
        yield "begins or ends with a space, or goes over two lines"
