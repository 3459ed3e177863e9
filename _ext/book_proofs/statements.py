"""What the chapters state as proven: a statement stands in the metadata of the cell it rests on."""

from .chapters import title, under_headings

FIELDS = {  # what a statement of each kind says
    "equal": ("says", "inputs"),
    "counted": ("says", "inputs"),
    "measured": ("says", "inputs", "seeds"),
    "argued": ("says",),
}


def statements(chapters, kind):
    """All statements of this kind, each with what was tried and a link to its cell."""
    return "\n".join(
        f"- {statement(cell)['says']}\n\n  {'. '.join([*_tried(cell), link])}\n"
        for name, notebook in chapters.items()
        for cell, link in _linked(name, notebook)
        if statement(cell).get("kind") == kind
    )


def number(chapters, kind=None):
    """How many statements there are, of all kinds or of this one."""
    stated = [statement(cell) for notebook in chapters.values() for cell in notebook.cells]
    return str(sum(kind in (None, found["kind"]) for found in stated if found))


def statement(cell):
    return cell.metadata.get("statement", {})


def equalities(cell):
    """The equalities that held when the cell was executed; a bound is none."""
    return [note for note in cell.metadata.get("proofs", []) if note["within"] != "as stated"]


def anchor(name, place):
    """The id of a cell on its page."""
    return f"cell-{name[:2]}-{place}"


def _linked(name, notebook):
    """Each cell with a link to it."""
    chapter = title(notebook)
    for place, heading, cell in under_headings(notebook):
        text = chapter if heading == chapter else f"{chapter}: {heading}"
        yield cell, f"[{text}](#{anchor(name, place)})"


def _tried(cell):
    stated = statement(cell)
    inputs = "Set-up" if stated["kind"] == "measured" else "Inputs"
    names = {"inputs": inputs, "seeds": "Seeds"}
    for field in FIELDS[stated["kind"]][1:]:
        yield f"*{names[field]}*: {stated[field]}"
    if stated["kind"] == "equal":
        yield f"*Tolerance*: {_tolerance(equalities(cell))}"


def _tolerance(notes):
    """The largest differences that the checks would have let pass, the smallest first."""
    given = sorted({float(note["within"]) for note in notes if note["within"] != "exact"} - {0})
    return ", in places ".join(map(_power, given)) or "none"


def _power(given):
    digits, exponent = f"{given:.0e}".split("e-")
    times = "" if digits == "1" else f"{digits} · "
    return f"{times}10<sup>−{int(exponent)}</sup>"
