"""The repository's own address: `_config.yml` holds the truth, every other place repeats it.

python -m tools.repository URL           set it everywhere
python -m tools.repository --check URL   fail if the book names another address, or several
"""

import re
import sys
from pathlib import Path

from tools.execute import read, write
from tools.first_cell import first_cell, first_code_cell

ROOT = Path(__file__).parents[1]
FORM = r"https://github\.com/[A-Za-z0-9-]+/[\w.-]*\w"
TRUTH = "_config.yml"
LINES = {
    TRUTH: "  url: {}\n",
    "CITATION.cff": 'repository-code: "{}"\n',
    "README.md": "git clone {}\n",
    "pyproject.toml": 'Repository = "{}"\n',
}


def address(root: Path = ROOT) -> str:
    """The address in `_config.yml`."""
    before, after = LINES[TRUTH].split("{}")
    return re.search(f"^{before}(.*){after}", (root / TRUTH).read_text("utf-8"), re.M)[1]


def notebooks(root: Path) -> list[Path]:
    return sorted((root / "chapters").glob("*.ipynb"))


def disagreements(root: Path = ROOT) -> list[str]:
    """The files that do not name the address that `_config.yml` names."""
    url = address(root)
    files = [
        name
        for name, line in LINES.items()
        if line.format(url) not in (root / name).read_text("utf-8")
    ]
    cells = [
        path.relative_to(root).as_posix()
        for path in notebooks(root)
        if first_code_cell(read(path)).source != first_cell(url)
    ]
    return files + cells


def set_address(url: str, root: Path = ROOT) -> None:
    """Write the address in every place that names it, once it looks like a repository's."""
    if url.endswith(".git") or not re.fullmatch(FORM, url, re.ASCII):
        raise ValueError(
            f"set_address: url is {url!r}, expected the form https://github.com/OWNER/NAME"
        )
    for name, line in LINES.items():
        path, (before, after) = root / name, map(re.escape, line.split("{}"))
        text = re.sub(f"^{before}.*{after}", line.format(url), path.read_text("utf-8"), flags=re.M)
        path.write_text(text, "utf-8", newline="\n")
    for path in notebooks(root):
        notebook = read(path)
        first_code_cell(notebook).source = first_cell(url)
        write(notebook, path)


def check(url: str, root: Path = ROOT) -> None:
    """Quiet if the whole book names this address, else an advice and exit status 1."""
    if files := disagreements(root):
        sys.exit(f"{TRUTH} names {address(root)}, other addresses stand in: {', '.join(files)}")
    if address(root) != url:
        sys.exit(
            f"The book names {address(root)} as its address, but lives at {url}.\n"
            f"Run `make repository URL={url}` and commit the result."
        )


def main(arguments: list[str]) -> None:
    match arguments:
        case ["--check", url]:
            check(url)
        case [url]:
            set_address(url)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except ValueError as error:
        sys.exit(str(error))
