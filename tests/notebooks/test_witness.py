"""What counts as a proof: what held, on the page itself, with its tolerance."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tools.execute import execute, read, write

IMPORTS = "import numpy as np\nfrom attention_book import checks\n"
ROWS = "rows = np.array([[0.5, 0.5], [1.0, 0.0]])\n"


@pytest.fixture(scope="module")
def proved(tmp_path_factory):
    """A function that executes cells and returns what each proved."""

    def run(*sources):
        path = tmp_path_factory.mktemp("proofs") / "notebook.ipynb"
        cells = [new_code_cell(source, id=f"c{i}") for i, source in enumerate(sources)]
        write(new_notebook(cells=cells), path)
        return execute(path)

    return run


def notes(notebook):
    return [cell.metadata.get("proofs") for cell in notebook.cells]


def note(claim, within, times=1):
    return {"claim": claim, "within": within, "times": times}


def test_checks_and_asserts_that_held_are_noted_with_their_tolerance(proved):
    notebook = proved(
        f"{IMPORTS}{ROWS}checks.rows_sum_to_one(rows)\n",
        "checks.same(rows, rows + 1e-10, tolerance=1e-9)  # nearly\nchecks.same(rows, rows)",
        "checks.same(rows, rows + 1e-10, 1e-8)",
        "assert rows.size == 4, 'four numbers'\nassert rows.max() < 2\n'the last value'",
        "checks.causal(lambda x: x, rows)",
        "rows.size",
    )
    assert notes(notebook) == [
        [note("checks.rows_sum_to_one(rows)", "1e-06")],
        [
            note("checks.same(rows, rows + 1e-10, tolerance=1e-09)", "1e-09"),
            note("checks.same(rows, rows)", "1e-12"),
        ],
        [note("checks.same(rows, rows + 1e-10, 1e-08)", "1e-08")],
        [note("rows.size == 4", "exact"), note("rows.max() < 2", "as stated")],
        [note("checks.causal(lambda x: x, rows)", "exact")],
        None,
    ]
    shown = [[output.data["text/plain"] for output in cell.outputs] for cell in notebook.cells]
    assert shown == [[], [], [], ["'the last value'"], [], ["4"]]


def test_a_loop_is_one_proof_of_so_many_turns(proved):
    notebook = proved("for i in range(5):\n    assert i == i\n    if i > 2:\n        assert i >= 3")
    assert notes(notebook) == [[note("i == i", "exact", 5), note("i >= 3", "as stated", 2)]]


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    assert 1 == 2\nexcept AssertionError as error:\n    print('refused')",
        "def check(answer):\n    assert answer == 3\n\ncheck(3)",
        "class Answer:\n    assert 1 == 1",
        "if 1 == 2:\n    assert 1 == 1",
        "print('checks.same(1, 1)')",
    ],
    ids=["refused", "in a function", "in a class", "not reached", "in words"],
)
def test_nothing_else_is_a_proof(source, proved):
    assert notes(proved(source)) == [None]


def test_a_proof_that_is_gone_is_forgotten(proved, tmp_path):
    notebook = proved("assert 1 == 1")
    notebook.cells[0].source = "1"
    write(notebook, tmp_path / "n.ipynb")
    assert notes(execute(tmp_path / "n.ipynb")) == [None]


def test_executing_keeps_a_statement(proved, tmp_path):
    notebook = proved("assert 1 == 1")
    stated = {"kind": "equal", "says": "One is one.", "inputs": "one"}
    notebook.cells[0].metadata["statement"] = stated
    write(notebook, tmp_path / "n.ipynb")
    write(execute(tmp_path / "n.ipynb"), tmp_path / "n.ipynb")
    cell = read(tmp_path / "n.ipynb").cells[0]
    assert cell.metadata == {"statement": stated, "proofs": [note("1 == 1", "exact")]}
