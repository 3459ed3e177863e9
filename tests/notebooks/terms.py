"""Where each term of the glossary first stands in the book's prose, and whether it is linked."""

import re
from pathlib import Path

from nbformat import NotebookNode

from tests.notebooks.cells import markdown_cells
from tools.execute import CHAPTERS, read

LINK = re.compile(r"\{term\}`(?:[^`<]*<([^`>]+)>|([^`<]+))`")
MARK = "\N{RIGHTWARDS ARROW}{}\N{LEFTWARDS ARROW}"  # a link, while code is taken out
NOT_PROSE = re.compile(
    r"^#.*?$"  # a heading
    r"|^:{3,}.*?$|^:\w[\w-]*:.*?$"  # a directive's fence and options
    r"|\$\$.*?\$\$|\$[^$\n]+\$|\{\w+(?::\w+)?\}`[^`]*`|`[^`\n]*`"  # formulas, roles, code
    r"|\]\([^)]*\)|^\|.*?$",  # addresses, tables
    re.M | re.S,
)


def glossary_terms(path: Path = CHAPTERS / "glossary.md") -> list[str]:
    """The English terms: the first line of each entry."""
    body = path.read_text("utf-8").split(":::{glossary}\n")[1].split("\n:::")[0]
    return [entry.split("\n")[0] for entry in body.split("\n\n")]


def prose(notebook: NotebookNode) -> str:
    """The sentences of a chapter, with the links to terms as →term←."""
    text = "\n\n".join(cell.source for cell in markdown_cells(notebook))
    marked = LINK.sub(lambda link: MARK.format(" ".join((link[1] or link[2]).split())), text)
    return NOT_PROSE.sub(" ", marked)


def unlinked_first_uses(chapters: list[tuple[str, str]], terms: list[str]) -> list[str]:
    """Each term that stands somewhere before its first link, in chapters in reading order."""
    whole = "".join(f"\n\n{text}" for _, text in chapters)
    return [problem for term in terms if (problem := _problem(whole, term))]


def _problem(text: str, term: str) -> str:
    link = re.search(re.escape(MARK.format(term)), text, re.I)
    if not link:
        return f"{term!r} is in the glossary, but no chapter links to it"
    word = re.compile(rf"(?<![\w-]){re.escape(term)}(s|es)?(?![\w-])".replace(r"\ ", r"\s+"), re.I)
    before = re.sub("→[^←]*←", lambda other: " " * len(other[0]), text[: link.start()])
    if used := word.search(before):
        place = " ".join(text[max(0, used.start() - 50) : used.end() + 30].split())
        return f"{term!r} stands before its first link: …{place}…"
    return ""


def chapters() -> list[tuple[str, str]]:
    return [(path.stem, prose(read(path))) for path in sorted(CHAPTERS.glob("[0-9]*.ipynb"))]
