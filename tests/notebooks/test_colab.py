"""The chapters run in Colab: from an empty folder, without the library, from the last commit."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.git import git, needs_git
from tools import colab
from tools.first_cell import WITHOUT_ADDRESS

CHANGED = "Installing the library changed what Colab brings along: ['cycler=="


pytestmark = needs_git


@pytest.fixture
def small_book(good, tmp_path) -> Path:
    """The repository with one small notebook in place of the chapters."""
    book = tmp_path / "book"
    git("clone", colab.ROOT, book, cwd=tmp_path)
    shutil.rmtree(book / "chapters")
    (book / "chapters").mkdir()
    shutil.copy(good, book / "chapters")
    return book


def simulated(book: Path, folder: Path) -> None:
    git("add", "--all", cwd=book)
    git("commit", "--message", "Spoil", cwd=book)
    (folder / "colab").mkdir()
    colab.simulate(book, folder / "colab")


@pytest.mark.thorough
def test_every_chapter_runs_in_colab(tmp_path, capfd):
    colab.simulate(colab.ROOT, tmp_path)
    executed = [line.split("/")[-1] for line in capfd.readouterr().out.splitlines()]
    assert executed == sorted(path.name for path in (tmp_path / "notebooks").glob("*.ipynb"))


def test_a_notebook_alone_runs_in_colab(small_book, tmp_path, capfd):
    simulated(small_book, tmp_path)
    assert capfd.readouterr().out.endswith("good.ipynb\n")


def test_a_commit_without_the_code_fails(small_book, tmp_path, capfd):
    shutil.rmtree(small_book / "src" / "attention_book")
    (small_book / "src" / "other").mkdir()
    (small_book / "src" / "other" / "__init__.py").touch()
    with pytest.raises(SystemExit):
        simulated(small_book, tmp_path)
    assert "No module named 'attention_book'" in capfd.readouterr().err


def test_a_first_cell_that_installs_nothing_fails(small_book, tmp_path, capfd, monkeypatch):
    monkeypatch.setattr(colab, "first_cell", lambda url: WITHOUT_ADDRESS)
    with pytest.raises(SystemExit):
        simulated(small_book, tmp_path)
    assert "The book's library is missing" in capfd.readouterr().err


def test_a_library_that_replaces_what_colab_has_fails(small_book, tmp_path):
    metadata = small_book / "pyproject.toml"
    pinned = metadata.read_text("utf-8").replace('"numpy>=', '"cycler==0.11.0",\n    "numpy>=')
    metadata.write_text(pinned, "utf-8")
    with pytest.raises(SystemExit, match=CHANGED[:40]) as caught:
        simulated(small_book, tmp_path)
    assert str(caught.value).startswith(CHANGED)


def test_this_environment_would_prove_nothing():
    assert not colab.absent(Path(sys.executable))
