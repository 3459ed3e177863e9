"""The ledger of all proofs: what each cell proved, as its execution has noted it."""

import ast
import re

WORDS = {
    "same": "{} = {}",
    "rows_sum_to_one": "every row of {} sums to 1",
    "inside_hull": "every row of {} is a mixture of the rows of {}",
    "causal": "{} sees no later token in {}",
    "permutation_equivariant": "{} treats the rows of {} alike, in any order",
    "cache_equals_full": "{} says the same with caches, on {}",
}
POWER = re.compile(r"1e-0?(\d+)")


def ledger(chapters):
    return "\n\n".join(filter(None, map(_chapter, chapters.items())))


def number(chapters):
    return str(sum(len(_proofs(cell)) for notebook in chapters.values() for cell in notebook.cells))


def _chapter(chapter):
    name, notebook = chapter
    lines = [line for cell in under_headings(notebook) for line in _cell(name, *cell)]
    return "\n".join([f"## [{title(notebook)}]({name})", *lines]) if lines else ""


def _cell(name, place, heading, cell):
    if not _proofs(cell):
        return []
    link = f"[{heading}](#cell-{name[:2]}-{place})"
    return ["", link, "", *map(_line, _proofs(cell))]


def _line(proof):
    within = POWER.sub(r"10<sup>−\1</sup>", proof["within"])
    within = f"within {within}" if within[0].isdigit() else within
    times = f", {proof['times']} times" if proof["times"] > 1 else ""
    return f"- {statement(proof['claim'])} ({within}{times})"


def _proofs(cell):
    return cell.metadata.get("proofs", [])


def title(notebook):
    return re.search(r"^# (.+)$", notebook.cells[0].source, re.M)[1]


def under_headings(notebook):
    """Each cell with its place and the last heading above it, or in it."""
    heading = title(notebook)
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            heading = last_heading(cell.source) or heading
        yield place, heading, cell


def last_heading(text):
    return [None, *re.findall(r"^#+ (.+)$", text, re.M)][-1]


def statement(claim):
    """A check in words; everything else as the code that it is."""
    call = ast.parse(claim, mode="eval").body
    words = WORDS.get(call.func.attr) if claim.startswith("checks.") else None
    if not words or len(call.args) != words.count("{}"):
        return f"`{claim}`"
    return words.format(*(f"`{ast.unparse(part)}`" for part in call.args))
