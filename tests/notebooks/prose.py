"""Every number of the prose stands in what its chapter computes: in an output, or in the code."""

import re
from collections.abc import Iterator

from nbformat import NotebookNode

from tests.notebooks.cells import code_cells, markdown_cells, shown

NUMBER = re.compile(r"(?<![\w.])(?:\d{1,3}(?:[,_]\d{3})+(?!\d)|\d+)?(?:\.\d+)?(?![\w]|\.\d)")
# What is no result: places in this book and in papers, years, headings, addresses, code, 10^-12.
NO_RESULT = re.compile(
    r"\b(chapters?|sections?|figures?|exercises?|solution|table|part|issues?|python|steps?|line|"
    r"cell|seeds?)\s+[\d.]+(?:(?:,| and| to) [\d.]+)*"
    r"|\b(1[89]|20)\d\d[a-z]?\b|^#+ .*$|\]\([^)]*\)|`[^`]*`|<[^>]+>|10\^\{?[−-]?\d+\}?",
    re.IGNORECASE | re.MULTILINE,
)
SMALL = 12  # and less is a count that a reader makes


def value(text: str) -> tuple[float, int]:
    """A number, and how many decimals it gives."""
    plain = text.replace(",", "").replace("_", "")
    return float(plain), len(plain.partition(".")[2])


def numbers(text: str) -> list[str]:
    return [found for found in NUMBER.findall(text.replace("{,}", ",")) if found]


def computed(notebook: NotebookNode) -> set[float]:
    """All numbers of code and outputs, also as percent."""
    texts = [cell.source for cell in code_cells(notebook)]
    for cell in code_cells(notebook):
        texts += [str(content) for kind, content in shown(cell) if not kind.startswith("image/")]
    plain = (re.sub(r"<style>.*?</style>", "", text) for text in texts)
    found = {value(number)[0] for text in plain for number in numbers(text)}
    return found | {100 * number for number in found}


def prose(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, str]]:
    known = computed(notebook)
    for cell in markdown_cells(notebook):
        for text in numbers(NO_RESULT.sub(" ", cell.source.replace("{,}", ","))):
            number, decimals = value(text)
            counted = decimals == 0 and number <= SMALL
            if not counted and number not in {round(other, decimals) for other in known}:
                yield cell, f"says {text}, which no output and no code of its chapter has"
