"""What the chapters prove and correct, gathered from their notebooks when the book is built.

In a page, `{{ claims }}`, `{{ equal statements }}`, `{{ number of equal statements }}` and
`{{ number of statements }}` stand for it.
"""

import re
from functools import partial
from pathlib import Path

import nbformat
from docutils import nodes

from .claims import claims
from .statements import FIELDS, anchor, number, statement, statements

STATING = re.compile(r"chapters/(\d|bug-museum$)")  # what states something
GATHERED = {"claims": claims, "number of statements": number}
GATHERED |= {f"{kind} statements": partial(statements, kind=kind) for kind in FIELDS}
GATHERED |= {f"number of {kind} statements": partial(number, kind=kind) for kind in FIELDS}
LINES = 10_000  # so many MyST-NB gives to each cell, and as many to what stands before the first


def setup(app):
    app.connect("source-read", fill_in)
    app.connect("doctree-read", name_cells)
    return {"parallel_read_safe": True}


def fill_in(app, name, source):
    """Put what is gathered in its place, and read the page again when a chapter changes."""
    for key, gather in GATHERED.items():
        place = f"{{{{ {key} }}}}"
        if place in source[0]:
            names = sorted(doc for doc in app.env.found_docs if STATING.match(doc))
            paths = [Path(app.srcdir, f"{doc}.ipynb") for doc in names]
            for path in paths:
                app.env.note_dependency(str(path))
            chapters = {path.name: nbformat.read(path, 4) for path in paths}
            source[0] = source[0].replace(place, gather(chapters))


def name_cells(app, doctree):
    """Give each cell with a statement a label that the list of statements can link to."""
    page = app.env.docname
    path = Path(app.env.doc2path(page))
    if STATING.match(page) and path.suffix == ".ipynb":
        labels = app.env.get_domain("std").anonlabels
        for place, cell in enumerate(nbformat.read(path, 4).cells):
            if statement(cell):
                name = anchor(path.name, place)
                first(doctree, place)["ids"].append(name)
                labels[name] = page, name


def first(doctree, place):
    """The first part of a page that comes from this cell."""
    for node in doctree.findall(nodes.Element):
        lines = (node.line or 0) // LINES == place + 1
        if lines or node.get("cell_index") == place:
            return node.parent if isinstance(node, nodes.title) else node
    raise LookupError(f"the page shows nothing of cell {place}")
