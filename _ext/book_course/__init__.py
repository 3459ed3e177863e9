"""What a teacher plans with, taken from the chapters when the book is built.

In a page, `{{ chapter 8 }}` stands for cells of a table (its name, the minutes to read it, its
exercises and their minutes), `{{ title 8 }}` for its name, `{{ promises 8 }}` for what it leaves
behind, `{{ exercise 8 window }}` for cells with the exercise that is checked by `window`, and
`{{ tasks 8 row window }}` for the numbers of such exercises. B is the bug museum. The minutes are
estimates, by the rules in `chapters.py`.
"""

import json
import re
from pathlib import Path

from . import chapters
from .handouts import setup as setup_handouts

PLACE = re.compile(r"\{\{ (chapter|title|promises|exercise|tasks) (\w+)((?: \w+)*) \}\}")
NOTEBOOK = re.compile(r"chapters/(\d\d|bug)-")


def setup(app):
    app.connect("source-read", fill_in)
    setup_handouts(app)
    return {"parallel_read_safe": True}


def fill_in(app, name, source):
    """Put what is asked for in its place, and read the page again when a chapter changes."""
    if PLACE.search(source[0]):
        pages = sorted(doc for doc in app.env.found_docs if NOTEBOOK.match(doc))
        paths = [Path(app.srcdir, f"{doc}.ipynb") for doc in pages]
        for path in paths:
            app.env.note_dependency(str(path))
        source[0] = filled(source[0], {path.name: cells(path) for path in paths})


def cells(path):
    """The kind and the source of each cell of a notebook."""
    notebook = json.loads(path.read_text("utf-8"))
    return [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]


def filled(text, notebooks):
    found = {chapters.number(name): (name, notebook) for name, notebook in notebooks.items()}

    def part(place):
        kind, number, checks = place.groups()
        return getattr(chapters, kind)(*found[number], *checks.split())

    return PLACE.sub(part, text)
