"""Run a notebook again and compare: what shows a stale output, a hidden state, a dead kernel."""

from base64 import b64decode
from io import BytesIO
from pathlib import Path

import numpy as np
from matplotlib.image import imread
from nbformat import NotebookNode

from tests.notebooks.cells import code_cells, label, shown
from tools.execute import FAILURES, execute, read

# Numbers differ in the last bits from one processor to the next, and a color by one step of 256.
PIXEL = 4 / 255


def same_picture(one: str, other: str) -> bool:
    pixels = [imread(BytesIO(b64decode(picture))) for picture in (one, other)]
    return pixels[0].shape == pixels[1].shape and bool(np.ptp(pixels, axis=0).max() <= PIXEL)


def difference(before: NotebookNode, after: NotebookNode) -> str:
    """What the cell shows or proves now and did not before, in words; empty if nothing."""
    old, new = shown(before), shown(after)
    if [kind for kind, _ in old] != [kind for kind, _ in new]:
        return f"shows {[kind for kind, _ in new]}, but the file has {[kind for kind, _ in old]}"
    for (kind, was), (_, now) in zip(old, new, strict=True):
        if kind == "image/png" and not same_picture(was, now):
            return "draws another picture than the file has"
        if kind != "image/png" and was != now:
            return f"shows {now!r}, but the file has {was!r}"
    if before.metadata.get("proofs") != after.metadata.get("proofs"):
        return f"proves {after.metadata.get('proofs')}, but the file has other proofs"
    return ""


def rerun(path: Path, cell_timeout: float) -> list[str]:
    """All outputs that a fresh run does not repeat, or the one failure that ended it."""
    committed = read(path)
    try:
        fresh = execute(path, cell_timeout)
    except FAILURES as failure:
        return [f"{path.name}: a fresh run fails: {failure}"]
    pairs = zip(code_cells(committed), code_cells(fresh), strict=True)
    return [
        f"{path.name}: {label(committed, before)} {changed}: re-execute"
        for before, after in pairs
        if (changed := difference(before, after))
    ]
