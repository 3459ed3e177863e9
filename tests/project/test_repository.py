"""The repository's address is the same everywhere, and one command changes it everywhere."""

import shutil

import nbformat
import pytest

from tools import repository
from tools.execute import write
from tools.first_cell import first_cell

NEW = "https://github.com/some-one/attention.book"


def contents(root):
    return {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def chapter(path):
    """A small notebook as `make outputs` writes it."""
    cells = [
        nbformat.v4.new_markdown_cell("# A chapter", id="title"),
        nbformat.v4.new_code_cell(first_cell(repository.address()), id="first"),
        nbformat.v4.new_code_cell("print('é')", id="second"),
    ]
    write(nbformat.v4.new_notebook(cells=cells), path)


@pytest.fixture
def copy(tmp_path):
    for name in repository.LINES:
        shutil.copy(repository.ROOT / name, tmp_path)
    shutil.copytree(repository.ROOT / "chapters", tmp_path / "chapters", dirs_exist_ok=True)
    chapter(tmp_path / "chapters" / "99-example.ipynb")
    return tmp_path


def test_every_place_names_the_same_address():
    assert repository.disagreements() == []


def test_a_new_address_goes_everywhere_and_back_without_a_trace(copy):
    old, before = repository.address(copy), contents(copy)
    repository.set_address(NEW, copy)
    assert repository.address(copy) == NEW
    assert repository.disagreements(copy) == []
    changed = contents(copy)
    named = [path for path in changed if changed[path] != before[path]]
    assert len(named) == len(repository.LINES) + len(repository.notebooks(copy))
    repository.set_address(NEW, copy)
    assert contents(copy) == changed
    repository.set_address(old, copy)
    assert contents(copy) == before


@pytest.mark.parametrize("name", [*repository.LINES, "chapters/99-example.ipynb"])
def test_one_place_with_another_address_is_found_and_mended(copy, name):
    repository.set_address(NEW, copy)
    path = copy / name
    path.write_text(path.read_text("utf-8").replace(NEW, NEW + "s"), "utf-8")
    with pytest.raises(SystemExit, match=r"other addresses stand in|The book names"):
        repository.check(NEW, copy)
    repository.set_address(NEW, copy)
    repository.check(NEW, copy)


def test_where_the_book_lives_elsewhere_the_advice_is_the_command(copy):
    with pytest.raises(SystemExit, match=f"make repository URL={NEW}"):
        repository.check(NEW, copy)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "OWNER/NAME",
        "http://github.com/OWNER/NAME",
        "https://github.com/OWNER",
        "https://github.com/OWNER/NAME/",
        "https://github.com/OWNER/NAME.git",
        "https://github.com/OWNER/NAME/tree/main",
        "https://github.com/OWNER/NA ME",
        "https://github.com/OWNER/NAME\n",
        'https://github.com/OWNER/NAME"',
        "https://example.com/OWNER/NAME",
    ],
)
def test_no_other_form_is_accepted(copy, url):
    before = contents(copy)
    with pytest.raises(ValueError, match=r"set_address: url is .*, expected the form"):
        repository.set_address(url, copy)
    assert contents(copy) == before
