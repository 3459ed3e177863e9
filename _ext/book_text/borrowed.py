"""A figure of a chapter, shown on a page that is no notebook."""

from pathlib import Path

import nbformat
from docutils import nodes
from sphinx.util.docutils import SphinxDirective


def setup(app):
    app.add_directive("borrowed", Borrowed)


class Borrowed(SphinxDirective):
    """`{borrowed} chapters/00-a-robot-must-obey 0.1`: what the cell above a caption shows."""

    required_arguments = 2

    def run(self):
        chapter, number = self.arguments
        self.env.note_dependency(f"{chapter}.ipynb")
        cells = nbformat.read(Path(self.env.srcdir, f"{chapter}.ipynb"), 4).cells
        return [nodes.raw("", shown(cells, number), format="html")]


def shown(cells, number):
    """The markup above the caption of this figure; StopIteration where there is none."""
    captions = (i for i, cell in enumerate(cells) if cell.source.startswith(f"*Figure {number}.*"))
    outputs = cells[next(captions) - 1].outputs
    return next(output.data["text/html"] for output in outputs if "text/html" in output.data)
