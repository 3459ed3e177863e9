"""A Sphinx extension: docstrings are written as pages are, with $formulas$ and `names`."""

import re

INLINE = re.compile(r"\$([^$]+)\$|(?<![:`])`([^`\n]+)`(?!`)")


def setup(app):
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", translate)
    return {"parallel_read_safe": True}


def translate(app, what, name, thing, options, lines):
    """Put reStructuredText in the place of the formulas and names, also across lines."""
    lines[:] = INLINE.sub(_role, "\n".join(lines)).split("\n")


def _role(found):
    formula, name = found.groups()
    return f":math:`{' '.join(formula.split())}`" if formula else f"``{name}``"
