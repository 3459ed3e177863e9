"""The whole book as one page, and that page on paper."""

import re
import subprocess
from types import SimpleNamespace

import pytest
import yaml
from book_site import paper
from pypdf import PdfReader

from tests.site.building import COMMAND, FRAME, copy
from tools import pdf

CHAPTERS = ["01-early", "02-late", *pdf.LEFT_OUT]
CELLS = """
## Exercises

### Exercise 1.1 ★ A task

Do it.

<details><summary>Hint</summary>

Look again.

</details>

#### Solution 1.1

Done so.

## What you have now

Much. {doc}`library`

## Five questions

1. Is it so?

<details><summary>Answer</summary>

Yes.

</details>

2. Still?

<details><summary>Answer</summary>

Even now.

</details>
"""
FURNITURE = re.compile(r"Reveal|Click to|Drawing code|^\s*(Hint|Solution|Answer)\s*$", re.M)
LINK = f'<p>Words.</p><p>As a <a href="{paper.NAME}">PDF</a>.</p><p>More.</p>'


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A small book as one page, with all parts that the book leaves out on paper."""
    book = tmp_path_factory.mktemp("book")
    copy(FRAME, book)
    (book / "chapters").mkdir()
    files = [{"file": f"chapters/{name}"} for name in CHAPTERS]
    toc = {"format": "jb-book", "root": "intro", "chapters": files}
    (book / "_toc.yml").write_text(yaml.safe_dump(toc), "utf-8")
    (book / "intro.md").write_text("# A book\n\nWords.\n\n## The map\n\nThe contents.\n", "utf-8")
    for name in CHAPTERS:
        text = f"# The {name.lstrip('-012')} chapter\n\nIt has words.\n"
        text += CELLS if "early" in name else ""
        (book / f"chapters/{name}.md").write_text(text, "utf-8")
    command = [*COMMAND, "--builder", "singlehtml"]
    subprocess.run(command, cwd=book, check=True, capture_output=True)
    return book / "_build" / "singlehtml" / "intro.html"


@pytest.fixture(scope="module")
def pages(whole, browser, tmp_path_factory):
    """The text of each page of its PDF."""
    file = tmp_path_factory.mktemp("pdf") / "book.pdf"
    pdf.write(browser, whole, file)
    return [page.extract_text() for page in PdfReader(file).pages]


def test_the_contents_name_the_pages_where_the_chapters_begin(pages):
    contents, _intro, first, second = pages
    assert re.findall(r"The (\w+) chapter\s*(\d+)", contents) == [("early", "3"), ("late", "4")]
    assert "It has words." in first
    assert "It has words." in second


def test_each_page_of_a_chapter_has_its_name_and_its_number(pages):
    for number, name in [(3, "early"), (4, "late")]:
        assert pages[number - 1].count(f"The {name} chapter") == 2  # head and title
        assert re.search(rf"^\s*{number}\s*$", pages[number - 1], re.M)


def test_hints_stand_by_their_exercise_and_solutions_at_the_end(pages):
    in_order(pages[2], "Do it.", "Hint: Look again.", "Much.", "Solution 1.1", "Done so.")


def test_answers_stand_behind_the_solutions(pages):
    in_order(
        pages[2], "Is it so?", "Still?", "Done so.", "Answer 1", "Yes.", "Answer 2", "Even now."
    )


def in_order(page, *words):
    places = [page.index(word) for word in words]
    assert places == sorted(places)


def test_nothing_on_paper_asks_for_a_click(pages):
    assert FURNITURE.findall("\n".join(pages)) == []
    assert FURNITURE.search("Text.\nReveal\nMore.")
    assert FURNITURE.search("Text.\nHint\nMore.")


def test_what_the_site_alone_has_is_not_printed(pages):
    assert not any("library chapter\nIt has" in page for page in pages)
    assert "site" in pages[0]


def test_a_page_that_is_no_book_is_refused(browser, tmp_path):
    (tmp_path / "page.html").write_text("<p>Words.</p>", "utf-8")
    with pytest.raises(Exception, match="no page library"):
        pdf.write(browser, tmp_path / "page.html", tmp_path / "page.pdf")


@pytest.mark.parametrize(
    "builder, exists, kept", [("html", 1, 1), ("html", 0, 0), ("singlehtml", 1, 0)]
)
def test_the_site_links_to_the_file_only_where_it_is(tmp_path, builder, exists, kept):
    html = tmp_path / "html"
    html.mkdir()
    if exists:
        (tmp_path / paper.NAME).write_bytes(b"%PDF")
    app = SimpleNamespace(outdir=html, builder=SimpleNamespace(name=builder))
    context = {"body": LINK}
    paper.leave_out(app, "intro", "page.html", context, object())
    paper.copy(app, None)
    assert context["body"] == (LINK if kept else "<p>Words.</p><p>More.</p>")
    assert (html / paper.NAME).exists() == bool(kept)
