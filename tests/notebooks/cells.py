"""Short ways to the parts of a notebook that the checks look at."""

import re

from nbformat import NotebookNode

SOUND = re.compile(r"(data:audio/wav;base64,)[\w+/=]*")  # in which any number can stand


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def markdown_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def label(notebook: NotebookNode, cell: NotebookNode) -> str:
    """The cell's place among all cells, counted from 0, and its id."""
    place = next(i for i, other in enumerate(notebook.cells) if other is cell)
    return f"cell {place} ({cell.get('id')})"


def shown(cell: NotebookNode) -> list[tuple[str, str]]:
    """Each thing that the cell shows, as (kind, content); a stream's kind is its name.

    The bytes of a sound are left out.
    """
    things = []
    for output in cell.outputs:
        if output.output_type == "stream":
            things.append((output.name, output.text))
        for kind, content in sorted(output.get("data", {}).items()):
            things.append((kind, SOUND.sub(r"\1", content) if kind == "text/html" else content))
    return things


def data(cell: NotebookNode) -> list[str]:
    """The MIME types that the cell shows."""
    return [kind for output in cell.outputs for kind in output.get("data", {})]


def printed(cell: NotebookNode) -> str:
    """The cell's text that nbval compares, without matplotlib's name for a figure."""
    texts = [content for kind, content in shown(cell) if kind in ("stdout", "text/plain")]
    return "\n".join(text for text in texts if not text.startswith("<Figure"))
