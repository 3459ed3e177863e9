"""What is folded on the site is folded in JupyterLab and Colab too.

All of it follows from tags, which hide a cell's code, what it shows or both, and from each heading
*Solution 8.1*, under which every cell hides.
"""

import re

from nbformat import NotebookNode

HEADING = re.compile(r"#+ ")
SOLUTION = re.compile(r"#### Solution (\d+|[A-Z])\.\d+")
METADATA = {
    "hide-input": {"jupyter": {"source_hidden": True}, "cellView": "form"},
    "hide-output": {"jupyter": {"outputs_hidden": True}, "collapsed": True},
    "hide-cell": {"jupyter": {"outputs_hidden": True, "source_hidden": True}, "collapsed": True},
}
# These follow, and no others.
KEYS = {"jupyter", "collapsed", "cellView", "jp-MarkdownHeadingCollapsed", "id"}


def fold(notebook: NotebookNode) -> NotebookNode:
    """Give the notebook the metadata by which it folds, and take other metadata of folds away."""
    for cell in in_solutions(notebook):
        if cell.cell_type == "code":
            cell.metadata["tags"] = ["hide-cell"]
    for cell in notebook.cells:
        for key in KEYS & set(cell.metadata):
            del cell.metadata[key]
        cell.metadata.update(metadata(cell))
    if sections := [cell.id for cell in notebook.cells if is_solution(cell)]:
        notebook.metadata["colab"] = {"collapsed_sections": sections}
    return notebook


def metadata(cell: NotebookNode) -> dict:
    if is_solution(cell):
        return {"jp-MarkdownHeadingCollapsed": True, "id": cell.id}  # the id is for Colab
    tags = cell.metadata.get("tags", [])
    return {key: value for tag in tags for key, value in METADATA.get(tag, {}).items()}


def is_solution(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown" and bool(SOLUTION.fullmatch(cell.source))


def in_solutions(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells from each heading of a solution to the next heading."""
    found, inside = [], False
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and HEADING.match(cell.source):
            inside = is_solution(cell)
        found += [cell] * inside
    return found
