"""Build the book, and refuse every way in which a build can look green without a site."""

import shutil
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
JUPYTER_BOOK = Path(sys.executable).with_name("jupyter-book")
COMMAND = [JUPYTER_BOOK, "build", ".", "-n", "-W", "--keep-going"]
FRAME = ["_config.yml", "_ext", "_static", "_templates", "references.bib"]
SOURCES = ["*.yml", "*.md", "*.bib", "_ext/**/*.*", "_static/**/*", "_templates/*", "chapters/*"]
SOURCES += ["src/**/*.py", "tools/*.py"]
MADE_BY_SPHINX = {"index", "genindex", "search", "404"}


def build(book, command=COMMAND):
    """Build the book in the folder `book` and return the folder of its pages."""
    html = book / "_build" / "html"
    shutil.rmtree(html, ignore_errors=True)  # Sphinx keeps old style sheets and removed pages
    done = subprocess.run(command, cwd=book, capture_output=True, text=True)
    if done.returncode:
        # Sphinx does not repeat the warnings of a page that it has read.
        (book / "_build/.doctrees/environment.pickle").unlink(missing_ok=True)
        raise RuntimeError(f"the build failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    if not (html / "index.html").exists():
        raise RuntimeError(f"the build ended with success but wrote no index.html:\n{done.stdout}")
    return html


def copy(names, book):
    """Copy files and folders of this book into the folder `book`."""
    for name in names:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, book / name)


def is_stale(book):
    """Whether a source of the book is younger than its site."""
    index = book / "_build/html/index.html"
    sources = (path for pattern in SOURCES for path in book.glob(pattern))
    return not index.exists() or any(p.stat().st_mtime > index.stat().st_mtime for p in sources)


def table_of_contents(book):
    """The names of the pages that _toc.yml promises, in reading order."""
    toc = yaml.safe_load((book / "_toc.yml").read_text("utf-8"))
    parts = toc.get("parts", [toc])
    return [toc["root"], *(page["file"] for part in parts for page in part["chapters"])]


def pages(html):
    """The names of the pages that were built, without those that Sphinx adds to every book."""
    found = {path.relative_to(html).with_suffix("").as_posix() for path in html.rglob("*.html")}
    return {name for name in found if not name.startswith("_")} - MADE_BY_SPHINX


def pages_unlike_contents(book, html):
    """What is in the table of contents or on the site, but not in both."""
    return sorted(set(table_of_contents(book)) ^ pages(html))
