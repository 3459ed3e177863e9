"""Where each term of the glossary first stands in the book's prose, and whether it is in bold."""

import re

from book_text.glossary import heads, headword
from nbformat import NotebookNode

from tests.notebooks.cells import markdown_cells
from tools.execute import CHAPTERS, read

BOLD = re.compile(r"(?<!\*)\*\*([^*]+)\*\*(?!\*)")
MARK = "\N{RIGHTWARDS ARROW}{}\N{LEFTWARDS ARROW}"  # a term in bold, while code is taken out
NOT_PROSE = re.compile(
    r"^#.*?$"  # a heading
    r"|\$\$.*?\$\$|\$[^$\n]+\$|`[^`\n]*`"  # formulas, code
    r"|\]\([^)]*\)|^\|.*?$",  # addresses, tables
    re.M | re.S,
)


def glossary() -> dict[str, str]:
    """Each word of the glossary with the first word of its entry."""
    return heads(CHAPTERS.parent)


def prose(notebook: NotebookNode, known: dict[str, str]) -> str:
    """The sentences of a chapter, with the terms in bold as →term←."""

    def mark(bold: re.Match) -> str:
        head = headword(bold[1], known)
        return MARK.format(head) if head else bold[1]

    text = "\n\n".join(cell.source for cell in markdown_cells(notebook))
    return NOT_PROSE.sub(" ", BOLD.sub(mark, text))


def plain_first_uses(texts: list[str], terms: set[str]) -> list[str]:
    """Each term that stands somewhere before it is in bold, in chapters in reading order."""
    whole = "\n\n".join(texts)
    return [problem for term in sorted(terms) if (problem := _problem(whole, term))]


def _problem(text: str, term: str) -> str:
    bold = re.search(re.escape(MARK.format(term)), text)
    if not bold:
        return f"{term!r} is in the glossary, but no chapter has it in bold"
    word = re.compile(rf"(?<![\w-]){re.escape(term)}(s|es)?(?![\w-])".replace(r"\ ", r"\s+"), re.I)
    before = re.sub("→[^←]*←", lambda other: " " * len(other[0]), text[: bold.start()])
    if used := word.search(before):
        place = " ".join(text[max(0, used.start() - 50) : used.end() + 30].split())
        return f"{term!r} stands before it is in bold: …{place}…"
    return ""


def chapters(known: dict[str, str]) -> list[str]:
    return [prose(read(path), known) for path in sorted(CHAPTERS.glob("[0-9]*.ipynb"))]
