"""All boxes *Claimed and computed*, each with the cell that computes it."""

import re
from itertools import takewhile

from .chapters import by_chapter, last_heading, title, under_headings

BOX = re.compile(r"^> \*\*(?:Claimed|A common slip)\*\*.*\n(?:>.*\n?)+", re.M)
LISTING = re.compile(r"^show\(", re.M)


def claims(chapters):
    return by_chapter(chapters, _boxes)


def _boxes(name, notebook):
    above = title(notebook)
    for place, heading, cell in under_headings(notebook):
        for box in BOX.finditer(cell.source) if cell.cell_type == "markdown" else ():
            about = last_heading(cell.source[: box.start()]) or above
            yield f"### {about}\n\n{box[0].rstrip()}"
            yield _computed(_computing(notebook.cells, place, cell.source[box.end() :]))
        above = heading


def _computing(cells, place, text):
    """The next cell of code, or, where a new section begins before it, the one before the box."""
    following = cells[place + 1 :]
    between = takewhile(lambda cell: cell.cell_type == "markdown", following)
    text = "\n".join([text, *(cell.source for cell in between)])
    around = cells[place::-1] if last_heading(text) else following
    return next(filter(_computes, around))


def _computes(cell):
    return cell.cell_type == "code" and not LISTING.search(cell.source)


def _computed(cell):
    shown = "".join(output.get("text", "") for output in cell.outputs)
    parts = [
        "<details><summary>The cell that computes it</summary>\n",
        "```python",
        cell.source,
        "```",
    ]
    if shown:
        parts += ["```text", shown.rstrip(), "```"]
    return "\n".join([*parts, "\n</details>"])
