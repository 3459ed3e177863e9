"""Cells that are tagged to hide their code, or what it shows, fold it under a name."""

import re
from html import escape

from docutils import nodes
from sphinx.transforms import SphinxTransform

from .numbers import LOGGER

TITLE = re.compile(r"# @title (.+)\n")  # as Colab names a cell
CODE = re.compile("`([^`]+)`")
PARTS = {"input": 0, "output": -1}


class fold(nodes.General, nodes.Element):
    """What a page shows at a click on its `summary`."""


def setup(app):
    app.add_node(fold, html=(visit, depart))
    app.add_transform(Folds)


def visit(self, node):
    start = self.starttag(node, "details", CLASS="fold")
    name = CODE.sub(r"<code>\1</code>", escape(node["summary"]))
    self.body.append(f"{start}<summary>{name}</summary>")


def depart(self, node):
    self.body.append("</details>")


class Folds(SphinxTransform):
    default_priority = 500  # what an exercise folds is done

    def apply(self):
        for cell in list(self.document.findall(nodes.container)):
            if mode := cell.attributes.pop("hide_mode", None):
                part = cell[PARTS[mode]]
                name = without_title(part[0]) if mode == "input" else "Reveal"
                cell.replace(part, wrapper := fold(summary=name))
                wrapper += part


def without_title(code):
    """The name that the first line of a cell gives it; the fold says it instead."""
    title = TITLE.match(code.astext())
    if not title:
        LOGGER.warning("a folded cell has no title", location=code)
        return "Code"
    code[:] = [nodes.Text(code.astext()[title.end() :])]
    code.rawsource = code.astext()
    return title[1]
