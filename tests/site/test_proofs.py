"""The pages that are gathered from the chapters: the ledger of proofs and the corrections."""

import nbformat
import pytest
from book_proofs.claims import claims
from book_proofs.ledger import ledger, number, statement
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.site.building import ROOT

BOX = """\
## Heads

> **A common slip**: two.
>
> **Computed**: three.
"""
PRINTS = [new_output("stream", name="stdout", text="3\n")]


def proof(claim, within="exact", times=1):
    return {"claim": claim, "within": within, "times": times}


def chapter(*cells):
    return {"05-x.ipynb": new_notebook(cells=[new_markdown_cell("# 5. The view"), *cells])}


@pytest.fixture(scope="module")
def notebooks():
    paths = sorted((ROOT / "chapters").glob("[0-9]*.ipynb"))
    return {path.name: nbformat.read(path, 4) for path in paths}


def proving(*proofs):
    return new_code_cell("x", metadata={"proofs": list(proofs)})


def test_the_ledger_names_statement_tolerance_turns_and_cell():
    cells = chapter(
        new_markdown_cell("## One\n\n### Two *a*"),
        proving(proof("a == b"), proof("c < d", "1e-06", 3)),
    )
    assert ledger(cells) == (
        "## [5. The view](05-x.ipynb)\n\n"
        "[Two *a*](#cell-05-2)\n\n"
        "- `a == b` (exact)\n"
        "- `c < d` (within 10<sup>−6</sup>, 3 times)"
    )
    assert number(cells) == "2"
    assert ledger(chapter()) == ""
    assert number(chapter()) == "0"


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("checks.same(q @ k.T, s, tolerance=1e-9)", "`q @ k.T` = `s`"),
        ("checks.same(*gradients)", "`checks.same(*gradients)`"),
        ("checks.rows_sum_to_one(w)", "every row of `w` sums to 1"),
        ("n == 4", "`n == 4`"),
    ],
)
def test_checks_are_said_in_words(claim, words):
    assert statement(claim) == words


@pytest.mark.parametrize(
    ("cells", "computing"),
    [
        ([new_markdown_cell(BOX), new_code_cell("next", outputs=PRINTS)], "next"),
        (
            [
                new_markdown_cell(BOX),
                new_code_cell("show(mask)"),
                new_code_cell("next", outputs=PRINTS),
            ],
            "next",
        ),
        (
            [
                new_code_cell("last", outputs=PRINTS),
                new_markdown_cell(f"{BOX}\n## Other"),
                new_code_cell("next"),
            ],
            "last",
        ),
        (
            [
                new_code_cell("last", outputs=PRINTS),
                new_markdown_cell(BOX),
                new_markdown_cell("## Other"),
                new_code_cell("next"),
            ],
            "last",
        ),
    ],
)
def test_a_box_is_taken_over_with_the_cell_that_computes_it(cells, computing):
    text = claims(chapter(*cells))
    box = "### Heads\n\n> **A common slip**: two.\n>\n> **Computed**: three."
    assert text.startswith(f"## [5. The view](05-x.ipynb)\n\n{box}\n\n<details>")
    assert f"```python\n{computing}\n```\n```text\n3\n```" in text


def test_the_built_pages_hold_all_of_them(site, notebooks):
    pages = {path.stem: page for path, page in site.items()}
    cells = [cell for notebook in notebooks.values() for cell in notebook.cells]
    proofs = sum(len(cell.metadata.get("proofs", [])) for cell in cells)
    boxes = sum(cell.source.count("> **Computed**") for cell in cells)
    assert len(pages["proofs"].select("section section li")) == proofs > 80
    assert len(pages["claims"].select(".claimed")) == boxes > 20
    assert f"proves {proofs} statements" in pages["intro"].get_text(" ", strip=True)
