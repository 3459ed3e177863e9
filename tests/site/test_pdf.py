"""The whole book as one page, and that page on paper."""

import re
import subprocess

import pytest

from tests.site.building import COMMAND, FRAME, copy
from tools import pdf

FOLDED = "<details><summary>Hint</summary><p>Look again.</p></details>"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A book of two pages as one."""
    book = tmp_path_factory.mktemp("book")
    copy(FRAME, book)
    (book / "_toc.yml").write_text(
        "format: jb-book\nroot: intro\nchapters:\n- file: more\n", "utf-8"
    )
    (book / "intro.md").write_text("# A page\n\nWords.\n", "utf-8")
    (book / "more.md").write_text("# Another page\n\nWith $x$.\n", "utf-8")
    command = [*COMMAND, "--builder", "singlehtml"]
    subprocess.run(command, cwd=book, check=True, capture_output=True)
    return book / "_build" / "singlehtml" / "intro.html"


def sheets(file):
    return len(re.findall(rb"/Type /Page\b", file.read_bytes()))


def test_each_chapter_starts_a_sheet(whole, browser, tmp_path):
    pdf.write(browser, whole, tmp_path / "book.pdf")
    assert sheets(tmp_path / "book.pdf") == 2


def test_a_page_without_chapters_is_one_sheet(browser, tmp_path):
    (tmp_path / "page.html").write_text("<p>Words.</p>", "utf-8")
    pdf.write(browser, tmp_path / "page.html", tmp_path / "page.pdf")
    assert sheets(tmp_path / "page.pdf") == 1


def test_what_is_folded_is_shown_on_paper(sabotage):
    def text(opened):
        before = opened.tab.locator("p:visible").count()
        pdf.show_all(opened.tab)
        return before, opened.tab.locator("p:visible").count()

    assert sabotage(FOLDED, text) == (0, 1)
