"""A Sphinx extension: docstrings are written as pages are: $formulas$, `names`, examples."""

import re

INLINE = re.compile(r"\$([^$]+)\$|(?<![:`])`([^`\n]+)`(?!`)")
EXAMPLE = re.compile(r"(?<=\n\n)(?=    \S)")


def setup(app):
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", translate)
    return {"parallel_read_safe": True}


def translate(app, what, name, thing, options, lines):
    """Put reStructuredText in the place of formulas and names, also across lines, and examples."""
    said = INLINE.sub(_role, "\n".join(lines))
    lines[:] = EXAMPLE.sub(".. code-block:: text\n\n", said).split("\n")


def _role(found):
    formula, name = found.groups()
    return f":math:`{' '.join(formula.split())}`" if formula else f"``{name}``"
