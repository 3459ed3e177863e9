"""What of a notebook cannot run while its exercises are unsolved, and how it waits."""

from collections.abc import Iterator
from symtable import SymbolTable, symtable

from nbformat import NotebookNode

WAITS = "# This cell waits for your answers, by the names below: then take the # away."


def waiting(notebook: NotebookNode, solutions: set[str]) -> set[str]:
    """The ids of the cells that use a name which only solutions make, or such a cell."""
    known: set[str] = set()
    missing: set[str] = set()
    found: set[str] = set()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            made, used = names(cell.source)
            if cell.id in solutions:
                missing |= made - known
            elif used & missing:
                found.add(cell.id)
                missing |= made - known
            else:
                known |= made
                missing -= made
    return found


def names(source: str) -> tuple[set[str], set[str]]:
    """The names that a cell makes, and those that it takes from other cells."""
    whole = symtable(source.replace("%pip", "pass  #"), "cell", "exec")
    made = {s.get_name() for s in whole.get_symbols() if s.is_assigned() or s.is_imported()}
    return made, set(referenced(whole)) - made


def referenced(table: SymbolTable) -> Iterator[str]:
    """The names that a cell, or a part of it, reads from the notebook."""
    top = table.get_type() == "module"
    yield from (
        s.get_name() for s in table.get_symbols() if s.is_referenced() and top | s.is_global()
    )
    for part in table.get_children():
        yield from referenced(part)


def asleep(source: str) -> str:
    """The cell as a comment, which says what it waits for."""
    return "\n".join([WAITS, *(f"# {line}".rstrip() for line in source.split("\n"))])


def awake(source: str) -> str:
    """The cell once more as it was."""
    first, *rest = source.split("\n")
    return "\n".join(line[2:] for line in rest) if first == WAITS else source
