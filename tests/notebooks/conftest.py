"""One small good notebook, executed once, to compare and to spoil."""

from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.execute import execute, write
from tools.first_cell import first_cell
from tools.repository import address

DRAW = """\
import matplotlib.pyplot as plt

plt.bar(["a", "robot", "it"], weights)
plt.show()"""
ALT = "Three bars: robot has half of the weight, it the least."


@pytest.fixture(scope="session")
def good(tmp_path_factory) -> Path:
    cells = [
        new_markdown_cell("# One row of weights\n\nIt sums to $1$.", id="title"),
        new_code_cell(first_cell(address()), id="library", metadata={"tags": ["hide-input"]}),
        new_code_cell("weights = [0.3, 0.5, 0.2]\nprint(sum(weights))", id="weights"),
        new_code_cell(DRAW, id="figure", metadata={"mystnb": {"image": {"alt": ALT}}}),
        new_code_cell("max(weights)", id="largest"),
    ]
    path = tmp_path_factory.mktemp("good") / "good.ipynb"
    write(new_notebook(cells=cells), path)
    write(execute(path), path)
    return path
