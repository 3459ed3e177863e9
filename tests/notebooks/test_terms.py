"""Every term of the glossary is linked where the book first uses it."""

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from tests.notebooks.terms import chapters, glossary_terms, prose, unlinked_first_uses


def test_every_term_is_linked_at_its_first_use():
    assert unlinked_first_uses(chapters(), glossary_terms()) == []


def book(*sources):
    return [
        (str(i), prose(new_notebook(cells=[new_markdown_cell(s)]))) for i, s in enumerate(sources)
    ]


@pytest.mark.parametrize(
    "sources",
    [
        ["# Heads\n\nA **{term}`head`** looks; each head does."],
        ["All {term}`heads <head>` look, in `head`, $head$ and\n\n$$\nhead\n$$"],
        ["It overheads a head-on show.\n\n:::{admonition} A head\n:class: head\n{term}`head`\n:::"],
        ["See [it](head.ipynb), {cite}`head` and\n\n| head | x |\n", "A {term}`head`."],
        ["A {term}`multi-head\nattention` has {term}`heads\n<head>`."],
    ],
)
def test_a_first_use_that_is_a_link_is_accepted(sources):
    assert unlinked_first_uses(book(*sources), ["head"]) == []


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        (["A head looks.", "A {term}`head` looks."], "stands before its first link: …A head looks"),
        (["Two Heads look. A {term}`head`."], "stands before its first link"),
        (["A {term}`multi-head attention` is of heads. A {term}`head`."], "before its first link"),
        (["Nothing here, not even {term}`key`."], "no chapter links to it"),
    ],
)
def test_each_slip_is_found(sources, message):
    [found] = unlinked_first_uses(book(*sources), ["head"])
    assert found.startswith("'head'")
    assert message in found


def test_terms_are_read_from_the_glossary(tmp_path):
    (tmp_path / "g.md").write_text(
        "# G\n\n:::{glossary}\nhead\n头\n  One of\n  several.\n\nrow form\n行\n  Rows.\n:::\n",
        "utf-8",
    )
    assert glossary_terms(tmp_path / "g.md") == ["head", "row form"]
