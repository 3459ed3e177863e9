"""Every term of the glossary is in bold where the book first uses it."""

import pytest
from book_text.glossary import heads, headword
from nbformat.v4 import new_markdown_cell, new_notebook

from tests.notebooks.terms import chapters, glossary, plain_first_uses, prose

KNOWN = {"head": "head", "query": "query", "mask": "mask", "memory": "memory of the encoder"}


def test_every_term_is_in_bold_at_its_first_use():
    known = glossary()
    assert plain_first_uses(chapters(known), set(known.values())) == []


def book(*sources):
    return [prose(new_notebook(cells=[new_markdown_cell(s)]), KNOWN) for s in sources]


@pytest.mark.parametrize(
    "sources",
    [
        ["# Heads\n\nA **head** looks; each head does."],
        ["All **heads** look, in `head`, $head$ and\n\n$$\nhead\n$$"],
        ["It overheads a head-on show."[:14], "A **head**."],
        ["See [it](head.ipynb) and\n\n| head | x |\n", "A **Head**."],
        ["> **Claimed**: one **head**."],
    ],
)
def test_a_first_use_in_bold_is_accepted(sources):
    assert plain_first_uses(book(*sources), {"head"}) == []


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        (["A head looks.", "A **head** looks."], "stands before it is in bold: …A head looks"),
        (["Two Heads look. A **head**."], "stands before it is in bold"),
        (["Nothing here, not even a **query**."], "no chapter has it in bold"),
    ],
)
def test_each_slip_is_found(sources, message):
    [found] = plain_first_uses(book(*sources), {"head"})
    assert found.startswith("'head'")
    assert message in found


@pytest.mark.parametrize(
    ("words", "head"),
    [
        ("Heads", "head"),
        ("queries", "query"),
        ("the mask", None),
        ("memory", "memory of the encoder"),
        ("maskes", "mask"),
    ],
)
def test_bold_words_are_found_in_the_plural_too(words, head):
    assert headword(words, KNOWN) == head


def test_words_are_read_from_the_glossary(tmp_path):
    (tmp_path / "chapters").mkdir()
    text = (
        "# G\n\n:::{glossary}\nhead\n头\n  One of\n  several.\n\nrow form\nrows\n行\n  Rows.\n:::\n"
    )
    (tmp_path / "chapters/glossary.md").write_text(text, "utf-8")
    words = {
        "head": "head",
        "头": "head",
        "row form": "row form",
        "rows": "row form",
        "行": "row form",
    }
    assert heads(tmp_path) == words
    assert heads(tmp_path / "elsewhere") == {}
