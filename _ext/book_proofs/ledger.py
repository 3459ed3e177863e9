"""The ledger of all proofs: what each cell proved, as its execution has noted it."""

import ast
import re

from .chapters import by_chapter, under_headings

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
    return by_chapter(chapters, _cells)


def number(chapters):
    return str(sum(len(_proofs(cell)) for notebook in chapters.values() for cell in notebook.cells))


def _cells(name, notebook):
    for place, heading, cell in under_headings(notebook):
        if _proofs(cell):
            lines = "\n".join(map(_line, _proofs(cell)))
            yield f"[{heading}](#cell-{name[:2]}-{place})\n\n{lines}"


def _line(proof):
    within = POWER.sub(r"10<sup>−\1</sup>", proof["within"])
    within = f"within {within}" if within[0].isdigit() else within
    times = f", {proof['times']} times" if proof["times"] > 1 else ""
    return f"- {statement(proof['claim'])} ({within}{times})"


def _proofs(cell):
    return cell.metadata.get("proofs", [])


def statement(claim):
    """A check in words; everything else as the code that it is."""
    call = ast.parse(claim, mode="eval").body
    words = WORDS.get(call.func.attr) if claim.startswith("checks.") else None
    if not words or len(call.args) != words.count("{}"):
        return f"`{claim}`"
    return words.format(*(f"`{ast.unparse(part)}`" for part in call.args))
