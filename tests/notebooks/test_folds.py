"""What folds: the metadata that JupyterLab and Colab read, made of tags and headings."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.notebooks.test_integrity import NOTEBOOKS
from tools.execute import read
from tools.folds import fold, is_solution

HIDDEN = {"outputs_hidden": True, "source_hidden": True}


def folded(*cells):
    """The metadata of each cell, and the sections that Colab collapses."""
    notebook = fold(new_notebook(cells=list(cells)))
    return [cell.metadata for cell in notebook.cells], notebook.metadata


@pytest.mark.parametrize(
    ("tag", "metadata"),
    [
        ("hide-input", {"jupyter": {"source_hidden": True}, "cellView": "form"}),
        ("hide-output", {"jupyter": {"outputs_hidden": True}, "collapsed": True}),
        ("hide-cell", {"jupyter": HIDDEN, "collapsed": True}),
    ],
)
def test_a_tag_folds_in_every_front_end(tag, metadata):
    cell = new_code_cell("x", metadata={"tags": [tag], "proofs": []})
    assert folded(cell) == ([{"tags": [tag], "proofs": [], **metadata}], {})


def test_what_follows_from_no_tag_goes():
    kept = {"mystnb": {"image": {"alt": "One."}}}
    cell = new_code_cell("x", metadata={**kept, "jupyter": HIDDEN, "cellView": "form"})
    assert folded(cell) == ([kept], {})


def test_a_solution_folds_with_its_heading_up_to_the_next_one():
    heading = new_markdown_cell("#### Solution 8.1", id="sol")
    cells = [new_markdown_cell("It is two."), new_code_cell("2")]
    after = [new_markdown_cell("### Exercise 8.2 ★ More"), new_code_cell("...")]
    metadata, whole = folded(heading, *cells, *after)
    assert metadata == [
        {"jp-MarkdownHeadingCollapsed": True, "id": "sol"},
        {},
        {"tags": ["hide-cell"], "jupyter": HIDDEN, "collapsed": True},
        {},
        {},
    ]
    assert whole == {"colab": {"collapsed_sections": ["sol"]}}


@pytest.mark.parametrize("number", ["8.1", "12.10", "B.7"])
def test_chapters_and_appendices_have_solutions(number):
    assert is_solution(new_markdown_cell(f"#### Solution {number}"))
    assert not is_solution(new_markdown_cell(f"#### Solution {number} and more"))


def test_the_chapters_have_folds_of_every_kind():
    cells = [cell for path in NOTEBOOKS for cell in read(path).cells]
    tags = [tag for cell in cells for tag in cell.metadata.get("tags", [])]
    assert min(map(tags.count, ("hide-input", "hide-output", "hide-cell"))) > 10
    assert sum(cell.metadata.get("jp-MarkdownHeadingCollapsed", False) for cell in cells) > 40
