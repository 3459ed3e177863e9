"""What strict nbval lets pass in silence.

A check takes a notebook as it lies in its file and yields each cell to mend, with what is wrong
and the fix. ``problems`` runs them all. What only running the cells can show is in ``rerun.py``.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode
from nbformat.validator import iter_validate

from tests.notebooks import folding, hygiene, plain, stated
from tests.notebooks.cells import code_cells, data, label, printed
from tests.notebooks.formulas import formulas
from tests.notebooks.prose import prose
from tests.notebooks.sizes import LISTING
from tools import folds
from tools.execute import read, text
from tools.first_cell import first_cell
from tools.repository import address

TAGS = {
    "hide-input": "folds set-up and plotting code away, never the idea of the chapter",
    "hide-output": "keeps an answer folded until the reader has predicted it",
    "hide-cell": "folds a solution away; tools/folds.py sets it",
}
CELL_METADATA = {"tags", "mystnb", "proofs", "statement"} | folds.KEYS
WIDTH = 76  # columns of code that fit on a page beside its sidebars
VEGA = "application/vnd.vegalite.v5+json"  # a chart as data, drawn by the site's own copy of Vega
MIME_TYPES = {"text/plain", "text/html", "text/markdown", "image/png", VEGA}
IMAGES = {"image/png", "image/svg+xml", "image/jpeg"}
Problems = Iterator[tuple[NotebookNode, str]]


def counts(notebook: NotebookNode) -> Problems:
    for expected, cell in enumerate(code_cells(notebook), 1):
        if cell.get("execution_count") != expected:
            count = cell.get("execution_count")
            yield cell, f"has count {count}, not {expected}: re-execute"


def tags(notebook: NotebookNode) -> Problems:
    for cell in notebook.cells:
        for tag in set(cell.metadata.get("tags", [])) - set(TAGS):
            yield cell, f"has the tag {tag!r}: only {sorted(TAGS)} may be used"
        for key in set(cell.metadata) - CELL_METADATA:
            yield cell, f"has metadata {key!r}: only {sorted(CELL_METADATA)} may be used"


def commands(notebook: NotebookNode) -> Problems:
    for cell in code_cells(notebook)[1:]:
        if not cell.source.strip():
            yield cell, "is empty: delete it"
        if re.search(r"#\s*(NBVAL|PYTEST_VALIDATE)_", cell.source):
            yield cell, "has an nbval comment, which turns its check off: delete it"
        if re.search(r"^\s*[%!]", cell.source, re.M):
            yield cell, "has a magic or shell line: write plain Python"
        if cell.source.rstrip().endswith(";"):
            yield cell, "hides its value behind a semicolon, which nbval shows: give it the name _"


def failures(notebook: NotebookNode) -> Problems:
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type == "error":
                yield cell, f"ends in {output.ename}: catch it and print its text"
            if output.get("name") == "stderr":
                yield cell, f"writes to stderr: mend the cause of {output.text[:60]!r}"


def mime_types(notebook: NotebookNode) -> Problems:
    for cell in code_cells(notebook):
        for kind in set(data(cell)) - MIME_TYPES:
            yield cell, f"shows {kind}: only {sorted(MIME_TYPES)} may be shown"


def alt_texts(notebook: NotebookNode) -> Problems:
    for cell in code_cells(notebook):
        alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        pictures = [kind for kind in data(cell) if kind in IMAGES]
        if pictures and len(alt.split()) < 5:
            yield cell, "needs mystnb.image.alt that says what its figure shows"
        if len(pictures) > 1:
            yield cell, f"shows {len(pictures)} figures under one alt text: split it"


def checked_figures(notebook: NotebookNode) -> Problems:
    cells = [cell for cell in code_cells(notebook) if not LISTING.search(cell.source)]
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        shown = printed(cell) + (printed(following) if following else "")
        if IMAGES & set(data(cell)) and not re.search(r"\d", shown):
            yield cell, "draws what nothing checks: print a number from it next"


def widths(notebook: NotebookNode) -> Problems:
    for cell in code_cells(notebook):
        for line in cell.source.splitlines():
            if len(line) > WIDTH:
                yield cell, f"has a line of {len(line)} columns, more than {WIDTH}: {line.strip()}"


def starts_right(notebook: NotebookNode) -> Problems:
    first = code_cells(notebook)[0]
    if first.source != first_cell(address()):
        yield first, "is not the first cell of tools/first_cell.py: copy it from there"
    if first.metadata.get("tags") != ["hide-input"]:
        yield first, "must have the tag hide-input"


def identities(notebook: NotebookNode) -> Problems:
    ids = [cell.get("id") for cell in notebook.cells]
    for cell in notebook.cells:
        if ids.count(cell.get("id")) > 1 or not cell.get("id"):
            yield cell, f"has the id {cell.get('id')!r} of another: give each its own"


CHECKS = [
    counts,
    tags,
    commands,
    failures,
    mime_types,
    alt_texts,
    checked_figures,
    plain.plain,
    plain.openings,
    plain.arguments,
    plain.quotations,
    formulas,
    widths,
    folding.titles,
    folding.answers,
    folding.solutions,
    stated.statements,
    starts_right,
    identities,
    hygiene.markup,
    hygiene.strings,
    prose,
]


def form(path: Path, notebook: NotebookNode) -> Iterator[str]:
    """The file must be byte for byte what tools/execute.py writes."""
    for error in iter_validate(json.loads(path.read_text("utf-8"))):
        yield f"is no valid notebook: {error.message}"
    if path.read_text("utf-8") != text(notebook):
        yield "is not in normal form (metadata, order or final newline): re-execute"


def problems(path: Path) -> list[str]:
    """All that is wrong with the file, each as ``chapter.ipynb: cell 3 (its id) …: the fix``."""
    notebook = read(path)
    found = [
        f"{label(notebook, cell)} {problem}"
        for check in CHECKS
        for cell, problem in check(notebook)
    ]
    return [f"{path.name}: {problem}" for problem in [*found, *form(path, notebook)]]
