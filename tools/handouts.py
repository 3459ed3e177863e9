"""Write the chapters for a class into a folder: `python -m tools.handouts [folder]`.

A handout is a chapter without outputs, solutions and the answers to its five questions. Exercises,
hints, empty cells and checks stay, and what uses an answer waits as a comment. The chapters are the
notebooks of `_toc.yml` that have exercises. Beside them lie the license and one archive of all.
"""

import re
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from nbformat import NotebookNode

from tools.execute import read, write
from tools.first_cell import PLACEHOLDER
from tools.folds import in_solutions
from tools.repository import ROOT, address
from tools.unsolved import asleep, waiting

HANDOUTS = ROOT / "_build" / "handouts"
ARCHIVE = "attention-step-by-step.zip"
LICENSE = "LICENSE"
EXERCISE = '"### Exercise '  # a line of a cell in the file of a notebook
ANSWER = re.compile(r"\n*<details><summary>Answer</summary>.*?</details>", re.S)
LINK = re.compile(r"\[([^][]*)\]\(([\w-]+)\.(md|ipynb)(#[\w-]+)?\)")
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first time that an archive can name


def chapters(root: Path = ROOT) -> list[Path]:
    """The notebooks with exercises, in reading order."""
    pages = re.findall(r"file: (chapters/\S+)", (root / "_toc.yml").read_text("utf-8"))
    paths = [path for page in pages if (path := root / f"{page}.ipynb").exists()]
    return [path for path in paths if EXERCISE in path.read_text("utf-8")]


def handout(chapter: NotebookNode, names: set[str], site: str | None) -> NotebookNode:
    """The chapter as a class gets it, beside the notebooks of these names."""
    solved = {cell.id for cell in in_solutions(chapter)}
    unsolved = waiting(chapter, solved)
    chapter.cells = [cell for cell in chapter.cells if cell.id not in solved]
    for cell in chapter.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
            cell.metadata.pop("proofs", None)
            cell.source = asleep(cell.source) if cell.id in unsolved else cell.source
        else:
            cell.source = linked(ANSWER.sub("", cell.source), names, site)
    return chapter


def linked(text: str, names: set[str], site: str | None) -> str:
    """The text whose links to other pages than these lead to the site, or nowhere without one."""

    def target(link: re.Match) -> str:
        words, page, kind, place = link.groups("")
        if f"{page}.{kind}" in names:
            return link[0]
        return f"[{words}]({site}chapters/{page}.html{place})" if site else words

    return LINK.sub(target, text)


def site(repository: str) -> str | None:
    """The address of the published site, once the repository has one."""
    owner, name = repository.split("/")[-2:]
    return None if repository == PLACEHOLDER else f"https://{owner}.github.io/{name}/"


def archive(paths: list[Path], whole: Path) -> None:
    """Put the files into one archive, whose bytes say nothing of when and where."""
    with ZipFile(whole, "w") as file:
        for path in paths:
            entry = ZipInfo(f"{whole.stem}/{path.name}", LONG_AGO)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            file.writestr(entry, path.read_bytes(), ZIP_DEFLATED)


def write_handouts(folder: Path, root: Path = ROOT) -> list[Path]:
    """Write all handouts, the license and the archive, and take away older handouts."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.ipynb"):
        old.unlink()
    sources = chapters(root)
    names, home = {path.name for path in sources}, site(address(root))
    for path in sources:
        write(handout(read(path), names, home), folder / path.name)
    (folder / LICENSE).write_bytes((root / LICENSE).read_bytes())
    written = [folder / path.name for path in sources]
    archive([folder / LICENSE, *written], folder / ARCHIVE)
    return written


if __name__ == "__main__":
    place = Path(*sys.argv[1:]) if sys.argv[1:] else HANDOUTS
    print(f"{len(write_handouts(place))} handouts, also as one archive, are in {place}")
