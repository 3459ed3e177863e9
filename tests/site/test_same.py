"""The same sources give the same bytes, whatever the folder, the day and Python's hash seed."""

import filecmp
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.site.building import COMMAND, FRAME, copy

SOURCES = [*FRAME, "_toc.yml", "intro.md", "chapters", "src", "tools", "LICENSE"]
DAY = {"SOURCE_DATE_EPOCH": "1767225600"}


def unlike(one, other):
    """The files that are not the same in both folders."""
    names = {path.relative_to(folder) for folder in (one, other) for path in folder.rglob("*.*")}
    files = sorted(str(name) for name in names if not (one / name).is_dir())
    _, differing, missing = filecmp.cmpfiles(one, other, files, shallow=False)
    return sorted([*differing, *missing])


def build(book):
    book.mkdir()
    copy(SOURCES, book)
    subprocess.run(COMMAND, cwd=book, env=os.environ | DAY, check=True, capture_output=True)
    return book / "_build" / "html"


@pytest.mark.thorough
def test_two_builds_are_the_same(tmp_path):
    with ThreadPoolExecutor() as two:
        one, other = two.map(build, [tmp_path / "one", tmp_path / "another"])
    assert len(list(one.rglob("*.html"))) > 5
    assert unlike(one, other) == []


@pytest.mark.parametrize("text", ["2", None])
def test_a_difference_is_found(tmp_path, text):
    for name in ("one", "other"):
        (tmp_path / name / "in").mkdir(parents=True)
        (tmp_path / name / "in/a.html").write_text("1", "utf-8")
    file = tmp_path / "other/in/a.html"
    file.write_text(text, "utf-8") if text else file.unlink()
    assert unlike(tmp_path / "one", tmp_path / "other") == ["in/a.html"]
