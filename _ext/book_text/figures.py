"""A paragraph that opens with *Figure 8.2.* is the caption of what the cell above it shows."""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

from .numbers import LOGGER, NUMBER, check, label

LABEL = re.compile(rf"Figure ({NUMBER})\.")


def setup(app):
    app.add_transform(Captions)


class Captions(SphinxTransform):
    default_priority = 400

    def apply(self):
        numbers = []
        for paragraph in list(self.document.findall(nodes.paragraph)):
            if number := captioned(paragraph):
                numbers.append(number)
                self.move_below(paragraph, number)
        check(self, "Figure", numbers)

    def move_below(self, paragraph, number):
        """Put the caption and what the cell shows into one figure."""
        shown = above(paragraph)
        if shown is None:
            LOGGER.warning(f"no cell above the caption of figure {number}", location=paragraph)
            return
        figure = nodes.figure(ids=[label(self, "figure", number)])
        shown.parent.replace(shown, figure)
        paragraph.parent.remove(paragraph)
        name = nodes.generated("", paragraph[0].astext())
        name = nodes.inline("", "", name, classes=["caption-number"])
        figure += [shown, nodes.caption("", "", name, *paragraph[1:])]


def captioned(paragraph):
    """The number of the figure that this paragraph is the caption of."""
    name = LABEL.fullmatch(paragraph[0].astext()) if paragraph.children else None
    return name[1] if name and isinstance(paragraph[0], nodes.emphasis) else None


def above(paragraph):
    """The output of the cell that stands just above."""
    cell = paragraph.parent[paragraph.parent.index(paragraph) - 1]
    shown = cell[-1] if cell.get("nb_element") == "cell_code" else cell
    return shown if shown.get("nb_element") == "cell_code_output" else None
