import os

import nbformat
import pytest

from tests.site.building import (
    FRAME,
    ROOT,
    build,
    copy,
    is_stale,
    pages,
    pages_unlike_contents,
    table_of_contents,
)


@pytest.fixture
def book(tmp_path):
    """A book of two pages, with the configuration of this one."""
    copy(FRAME, tmp_path)
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: intro\nchapters:\n- file: more\n", "utf-8"
    )
    (tmp_path / "more.md").write_text("# More\n\nMore words.\n", "utf-8")
    (tmp_path / "intro.md").write_text("# A page\n\nSee [itself](intro.md).\n", "utf-8")
    return tmp_path


def test_the_site_has_an_index(html):
    assert (html / "index.html").is_file()


def test_the_pages_are_those_of_the_table_of_contents(html):
    assert pages_unlike_contents(ROOT, html) == [], "run `jupyter-book clean .` if a page has moved"
    assert len(pages(html)) == len(table_of_contents(ROOT)) > 1


def test_a_sound_book_builds_and_is_fresh_until_a_source_changes(book):
    assert is_stale(book)
    html = build(book)
    assert pages(html) == {"intro", "more"}
    assert not is_stale(book)
    later = (html / "index.html").stat().st_mtime + 1
    os.utime(book / "intro.md", (later, later))
    assert is_stale(book)


def test_a_broken_cross_reference_is_red_and_stays_red(book):
    (book / "intro.md").write_text("# A page\n\nSee {ref}`nowhere`.\n", "utf-8")
    for _ in range(2):
        with pytest.raises(RuntimeError, match="undefined label: 'nowhere'"):
            build(book)


def test_an_output_on_stderr_is_red(book):
    cell = nbformat.v4.new_code_cell("complain()", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", name="stderr", text="a warning")]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A page"), cell])
    (book / "intro.md").unlink()
    nbformat.write(notebook, book / "intro.ipynb")
    with pytest.raises(RuntimeError, match="stderr was found"):
        build(book)


def test_success_without_a_site_is_red(book):
    with pytest.raises(RuntimeError, match="wrote no index"):
        build(book, command=["true"])


def test_success_beside_an_old_site_is_red(book):
    (book / "_build/html").mkdir(parents=True)
    (book / "_build/html/index.html").write_text("old", "utf-8")
    with pytest.raises(RuntimeError, match="wrote no index"):
        build(book, command=["true"])


def test_a_missing_and_a_left_over_page_are_noticed(book, tmp_path):
    html = tmp_path / "html"
    html.mkdir()
    (html / "removed.html").write_text("", "utf-8")
    assert pages_unlike_contents(book, html) == ["intro", "more", "removed"]
