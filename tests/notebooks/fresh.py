"""What strict nbval leaves out, from the same run: pictures, order, and what each cell proved.

A plugin of pytest: `python -m pytest -p tests.notebooks.fresh --nbval chapters`. It also reports a
dead kernel at once, for which nbval waits until the time of the cell is over.
"""

import re
from queue import Empty
from time import monotonic

import pytest
from nbformat import NotebookNode
from nbval.plugin import IPyNbCell, IPyNbFile

from tests.notebooks import pictures
from tests.notebooks.cells import code_cells, shown
from tools import witness
from tools.execute import LATE, START, keep_proofs

TRAINS = re.compile(r"\bfit\(|\.backward\(")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    yield
    if isinstance(item, IPyNbCell):
        item.output_timeout = LATE
        if witness.PROOFS not in item.parent.skip_compare:
            prepare(item.parent)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    yield
    if isinstance(item, IPyNbCell):
        fresh = NotebookNode(cell_type="code", metadata={}, outputs=item.test_outputs)
        keep_proofs(NotebookNode(cells=[fresh]))
        if changed := difference(item.cell, fresh, trained(item)):
            item.raise_cell_error(f"The cell {changed}: re-execute")


def prepare(notebook: IPyNbFile) -> None:
    """Have the kernel of the notebook tell what it proves, and whether it still lives."""
    notebook.skip_compare += (witness.PROOFS,)
    kernel = notebook.kernel
    wait = kernel.await_reply

    def await_reply(msg_id, timeout):
        end = monotonic() + timeout
        while True:
            try:
                return wait(msg_id, timeout=1)
            except Empty:
                if not kernel.is_alive():
                    raise RuntimeError("the kernel died") from None
                if monotonic() > end:
                    raise

    kernel.await_reply = await_reply
    kernel.await_reply(kernel.execute_cell_input(START, allow_stdin=False), timeout=LATE)


def trained(item: IPyNbCell) -> bool:
    """Whether anything was trained in the notebook up to this cell."""
    before = code_cells(item.parent.nb)[: item.cell_num + 1]
    return any(TRAINS.search(cell.source) for cell in before)


def difference(before: NotebookNode, after: NotebookNode, trained: bool) -> str:
    """What the cell shows or proves now and did not before, in words; empty if nothing."""
    old, new = shown(before), shown(after)
    if [kind for kind, _ in old] != [kind for kind, _ in new]:
        return f"shows {[kind for kind, _ in new]}, but the file has {[kind for kind, _ in old]}"
    draws_the_same = pictures.alike if trained else pictures.same
    for (kind, was), (_, now) in zip(old, new, strict=True):
        if kind == "image/png" and not draws_the_same(was, now):
            return "draws another picture than the file has"
    if before.metadata.get("proofs") != after.metadata.get("proofs"):
        return f"proves {after.metadata.get('proofs')}, but the file has other proofs"
    return ""
