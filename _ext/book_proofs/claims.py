"""All boxes *Claimed and computed*, each with the cell that computes it."""

import re
from itertools import takewhile

from .chapters import by_chapter, last_heading, title, under_headings

BOX = re.compile(r"^> \*\*(?:Claimed|A common slip)\*\*.*\n(?:>.*\n?)+", re.M)
FOLDED = re.compile(r"^(?:# @title|show\()", re.M)
PROVES = re.compile(r"^\s*(?:assert|checks\.)", re.M)
NUMBER = re.compile(r"\d*\.?\d+")


def claims(chapters):
    return by_chapter(chapters, _boxes)


def _boxes(name, notebook):
    above = title(notebook)
    for place, heading, cell in under_headings(notebook):
        for box in BOX.finditer(cell.source) if cell.cell_type == "markdown" else ():
            about = last_heading(cell.source[: box.start()]) or above
            yield f"### {about}\n\n{box[0].rstrip()}"
            yield _computed(_computing(notebook.cells, place, box))
        above = heading


def _computing(cells, place, box):
    """The first cell below in its section, else above, that proves or prints one of its numbers."""
    opened, closed = map(last_heading, (box.string[: box.start()], box.string[box.end() :]))
    below = [] if closed else takewhile(_goes_on, cells[place + 1 :])
    above = [] if opened else takewhile(_goes_on, cells[:place][::-1])
    code = [cell for cell in (*below, *above) if cell.cell_type == "code"]
    earlier = [cell for cell in cells[place::-1] if cell.cell_type == "code"]
    open_code = [cell for cell in code or earlier[:1] if not FOLDED.search(cell.source)]
    proving = [cell for cell in open_code if _shown(cell) or PROVES.search(cell.source)]
    told = _numbers(box[0].rpartition("**Computed**")[2])
    telling = [cell for cell in proving if told & _numbers(cell.source + _shown(cell))]
    return next(iter([*telling, *proving, *code, *earlier]))


def _goes_on(cell):
    return cell.cell_type == "code" or not last_heading(cell.source)


def _numbers(text):
    return {float(number) for number in NUMBER.findall(text.replace(",", ""))} - {0, 1, 2}


def _shown(cell):
    return "".join(output.get("text", "") for output in cell.outputs)


def _computed(cell):
    shown = _shown(cell)
    parts = [
        "<details><summary>The cell that computes it</summary>\n",
        "```python",
        cell.source,
        "```",
    ]
    if shown:
        parts += ["```text", shown.rstrip(), "```"]
    return "\n".join([*parts, "\n</details>"])
