"""What stands where in a chapter's notebook."""

import re


def by_chapter(chapters, parts):
    """The parts of each chapter that has any, under a heading that leads to it."""
    found = {name: list(parts(name, notebook)) for name, notebook in chapters.items()}
    return "\n\n".join(
        "\n\n".join([f"## [{title(chapters[name])}]({name})", *parts])
        for name, parts in found.items()
        if parts
    )


def title(notebook):
    return last_heading(notebook.cells[0].source.split("\n")[0])


def last_heading(text):
    return [None, *re.findall(r"^#+ (.+)$", text, re.M)][-1]


def under_headings(notebook):
    """Each cell with its place and the last heading above it, or in it."""
    heading = title(notebook)
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            heading = last_heading(cell.source) or heading
        yield place, heading, cell
