"""What is folded on the site is folded in JupyterLab and Colab too.

All follows from tags and headings: a cell tagged to hide its code, what it shows or both, and each
heading *Solution 8.1*, under which every cell hides.
"""

import re

from nbformat import NotebookNode

HEADING = re.compile(r"#+ ")
SOLUTION = re.compile(r"#### Solution \d+\.\d+")
JUPYTER = {
    "hide-input": {"source_hidden": True},
    "hide-output": {"outputs_hidden": True},
    "hide-cell": {"source_hidden": True, "outputs_hidden": True},
}
KEYS = {"jupyter", "cellView", "jp-MarkdownHeadingCollapsed", "id"}  # ours, and no others


def fold(notebook: NotebookNode) -> NotebookNode:
    """Give the notebook and its cells the metadata by which they fold, and take others away."""
    folded = False
    for cell in notebook.cells:
        for key in KEYS & set(cell.metadata):
            del cell.metadata[key]
        if cell.cell_type == "markdown" and HEADING.match(cell.source):
            folded = is_solution(cell)
        if folded and cell.cell_type == "code":
            cell.metadata["tags"] = ["hide-cell"]
        cell.metadata.update(metadata(cell))
    sections = [cell.id for cell in notebook.cells if is_solution(cell)]
    notebook.metadata["colab"] = {"collapsed_sections": sections}
    return notebook


def is_solution(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown" and bool(SOLUTION.fullmatch(cell.source))


def metadata(cell: NotebookNode) -> dict:
    if is_solution(cell):
        return {"jp-MarkdownHeadingCollapsed": True, "id": cell.id}  # Colab knows cells by this id
    found = {"jupyter": JUPYTER[tag] for tag in cell.metadata.get("tags", []) if tag in JUPYTER}
    return found | ({"cellView": "form"} if "hide-input" in cell.metadata.get("tags", []) else {})
