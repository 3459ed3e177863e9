"""The pages that are gathered from the chapters: what is proven, and the corrections."""

import re

import nbformat
import pytest
from book_proofs.claims import claims
from book_proofs.statements import FIELDS, number, statement, statements
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.site.building import ROOT

BOX = """\
## Heads

> **A common slip**: two.
>
> **Computed**: three.
"""
PRINTS = [new_output("stream", name="stdout", text="3\n")]


def note(within):
    return {"claim": "checks.same(a, b)", "within": within, "times": 1}


def stating(kind, *withins, cell=new_code_cell, source="x", **fields):
    stated = {"kind": kind, "says": "So it is.", **fields}
    return cell(source, metadata={"statement": stated, "proofs": [*map(note, withins)]})


def chapter(*cells):
    return {"05-x.ipynb": new_notebook(cells=[new_markdown_cell("# 5. The view"), *cells])}


@pytest.fixture(scope="module")
def notebooks():
    paths = [*sorted((ROOT / "chapters").glob("[0-9]*.ipynb")), ROOT / "chapters/bug-museum.ipynb"]
    return {path.name: nbformat.read(path, 4) for path in paths}


EQUAL = stating("equal", "1e-12", "0.005", "as stated", inputs="two words")
CASES = {
    "equal": (
        EQUAL,
        "*Inputs*: two words. *Tolerance*: 10<sup>−12</sup>, in places 5 · 10<sup>−3</sup>",
    ),
    "counted": (stating("counted", "1e-12", inputs="two words"), "*Inputs*: two words"),
    "measured": (
        stating("measured", inputs="two layers", seeds="0 to 4"),
        "*Set-up*: two layers. *Seeds*: 0 to 4",
    ),
}


@pytest.mark.parametrize("kind", CASES)
def test_a_statement_has_what_was_tried_and_a_link_to_its_cell(kind):
    cell, tried = CASES[kind]
    cells = chapter(new_markdown_cell("## One\n\n### Two *a*"), cell)
    link = "[5. The view: Two *a*](#cell-05-2)"
    assert statements(cells, kind) == f"- So it is.\n\n  {tried}. {link}\n"
    assert [number(cells), number(cells, kind)] == ["1", "1"]
    for other in set(FIELDS) - {kind}:
        assert statements(cells, other) == ""
        assert number(cells, other) == "0"


def test_an_argument_has_a_link_and_nothing_else():
    argued = stating("argued", cell=new_markdown_cell, source="Because.")
    text = "- So it is.\n\n  [5. The view](#cell-05-1)\n"
    assert statements(chapter(argued, EQUAL), "argued") == text
    assert number(chapter(argued, EQUAL)) == "2"
    assert number(chapter()) == "0"


@pytest.mark.parametrize("withins", [["exact"], ["exact", "0"]])
def test_what_is_equal_to_the_last_bit_has_no_tolerance(withins):
    cells = chapter(stating("equal", *withins, inputs="one word"))
    assert "*Inputs*: one word. *Tolerance*: none. [" in statements(cells, "equal")


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
        (
            [
                new_markdown_cell(BOX),
                new_code_cell("# @title Drawing code", outputs=PRINTS),
                new_code_cell("define = f"),
                new_code_cell("next", outputs=PRINTS),
            ],
            "next",
        ),
        (
            [
                new_markdown_cell("## Heads"),
                new_code_cell("last", outputs=PRINTS),
                new_markdown_cell("> **A common slip**: 4.\n>\n> **Computed**: 3, not 1 or 2.\n"),
                new_code_cell("assert 4 > 1"),
            ],
            "last",
        ),
    ],
)
def test_a_box_is_taken_over_with_the_cell_that_computes_it(cells, computing):
    text = claims(chapter(*cells))
    box = "### Heads\n\n> **A common slip**: "
    assert text.startswith(f"## [5. The view](05-x.ipynb)\n\n{box}")
    assert re.search(r"> \*\*Computed\*\*: \S.*\n\n<details>", text)
    assert f"```python\n{computing}\n```\n```text\n3\n```" in text


def test_the_built_pages_hold_all_of_them(site, notebooks):
    pages = {path.stem: page for path, page in site.items()}
    cells = [cell for notebook in notebooks.values() for cell in notebook.cells]
    boxes = sum(cell.source.count("> **Computed**") for cell in cells)
    assert len(pages["claims"].select(".claimed")) == boxes > 20
    stated = [kind for cell in cells if (kind := statement(cell).get("kind"))]
    groups = [section.select("li") for section in pages["proofs"].select("section section")]
    assert list(map(len, groups)) == [stated.count(kind) for kind in FIELDS]
    (front,) = pages["intro"].select("p:-soup-contains('What is proven.')")
    counts = [len(stated), *map(stated.count, FIELDS)]
    assert list(map(int, re.findall(r"\d+", front.text))) == counts


def test_each_chapter_states_something_and_each_link_leads_to_its_cell(site, notebooks):
    pages = {path.name: page for path, page in site.items()}
    links = [a["href"] for a in pages["proofs.html"].select("section li a[href*='#cell-']")]
    assert len(links) == len(set(links))
    assert {link.split(".")[0] for link in links} == {name.split(".")[0] for name in notebooks}
    for link in links:
        page, name = link.split("#")
        cell = notebooks[page.replace(".html", ".ipynb")].cells[int(name.split("-")[-1])]
        mark = pages[page].find(id=name)
        shown = mark.get_text() or mark.parent.get_text()  # a heading stands beside its mark
        assert opening(cell.source) in letters(shown), link


def opening(source):
    return letters(source.removeprefix("# @title"))[:8]


def letters(text):
    return re.sub(r"\W", "", text)
