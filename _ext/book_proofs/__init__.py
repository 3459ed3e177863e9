"""What the chapters prove and correct, gathered from their notebooks when the book is built.

In a page, `{{ ledger }}`, `{{ claims }}` and `{{ number of proofs }}` stand for it.
"""

import re
from pathlib import Path

import nbformat
from docutils import nodes

from .claims import claims
from .ledger import ledger, number

NUMBERED = re.compile(r"chapters/\d")
GATHERED = {"ledger": ledger, "claims": claims, "number of proofs": number}


def setup(app):
    app.connect("source-read", fill_in)
    app.connect("doctree-read", name_cells)
    return {"parallel_read_safe": True}


def fill_in(app, name, source):
    """Put what is gathered in its place, and read the page again when a chapter changes."""
    for key, gather in GATHERED.items():
        place = f"{{{{ {key} }}}}"
        if place in source[0]:
            names = sorted(doc for doc in app.env.found_docs if NUMBERED.match(doc))
            paths = [Path(app.srcdir, f"{doc}.ipynb") for doc in names]
            for path in paths:
                app.env.note_dependency(str(path))
            chapters = {path.name: nbformat.read(path, 4) for path in paths}
            source[0] = source[0].replace(place, gather(chapters))


def name_cells(app, doctree):
    """Give each cell that proves something a label that the ledger can link to."""
    labels = app.env.get_domain("std").anonlabels
    chapter = app.env.docname.removeprefix("chapters/")[:2]
    for cell in doctree.findall(nodes.container):
        if cell.get("cell_metadata", {}).get("proofs"):
            name = f"cell-{chapter}-{cell['cell_index']}"
            cell["ids"].append(name)
            labels[name] = app.env.docname, name
