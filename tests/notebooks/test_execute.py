"""tools/execute.py and tools/strict_nbval.py, as `make outputs` and `make nbval` call them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_output

from tests.notebooks.integrity import problems
from tools.execute import read, write
from tools.first_cell import PLACEHOLDER, WITHOUT_ADDRESS, first_cell, first_code_cell
from tools.strict_nbval import NBVAL, OTHERS, OWN

ROOT = Path(__file__).parents[2]


def run(module: str, *arguments, **environment: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", f"tools.{module}", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True
    )


def changed(good: Path, place: int, folder: Path, **fields) -> Path:
    notebook = read(good)
    notebook.cells[place].update(fields)
    write(notebook, folder / "changed.ipynb")
    return folder / "changed.ipynb"


def test_executing_again_changes_no_byte(good, tmp_path):
    path = changed(good, 2, tmp_path, outputs=[], execution_count=None)
    assert path.read_bytes() != good.read_bytes()
    for _ in range(2):
        assert run("execute", path).returncode == 0
        assert path.read_bytes() == good.read_bytes()
    assert os.listdir(tmp_path) == ["changed.ipynb"]


def test_a_failing_cell_leaves_the_file_and_is_named(good, tmp_path):
    path = changed(good, 4, tmp_path, source="raise RuntimeError('no such weights')")
    before = path.read_bytes()
    result = run("execute", path)
    assert result.returncode == 1
    assert "no such weights" in result.stderr
    assert path.read_bytes() == before


def test_a_registered_kernel_of_another_environment_is_not_used(good, tmp_path):
    kernel = tmp_path / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    spec = {"argv": ["false", "{connection_file}"], "display_name": "x", "language": "python"}
    kernel.write_text(json.dumps(spec), "utf-8")
    path = changed(good, 2, tmp_path, source="import sys\nweights = [1]\nprint(sys.executable)")
    assert run("execute", path, JUPYTER_PATH=str(tmp_path)).returncode == 0
    assert read(path).cells[2].outputs[0].text == f"{sys.executable}\n"


@pytest.fixture
def own(tmp_path) -> dict[str, str]:
    """A reader's own IPython profile, Python start-up file and matplotlibrc."""
    (tmp_path / "profile_default").mkdir()
    profile = tmp_path / "profile_default" / "ipython_kernel_config.py"
    profile.write_text('c.InteractiveShell.ast_node_interactivity = "all"\n', "utf-8")
    (tmp_path / "startup.py").write_text("print('good morning')\nsum = max\n", "utf-8")
    (tmp_path / "matplotlibrc").write_text("axes.facecolor: yellow\n", "utf-8")
    return {
        "IPYTHONDIR": str(tmp_path),
        "PYTHONSTARTUP": str(tmp_path / "startup.py"),
        "MPLCONFIGDIR": str(tmp_path),
    }


@pytest.mark.parametrize("module", ["execute", "strict_nbval"])
def test_a_readers_own_settings_change_nothing(module, own, good, tmp_path):
    (tmp_path / "book").mkdir()
    path = Path(shutil.copy(good, tmp_path / "book"))
    result = run(module, path, **own)
    assert result.returncode == 0, result.stdout
    assert path.read_bytes() == good.read_bytes()


def test_without_care_they_would_change_outputs(own, good, tmp_path):
    command = [sys.executable, "-m", "pytest", *NBVAL, str(good)]
    alone = subprocess.run(command, cwd=tmp_path, env=os.environ | own, capture_output=True)
    assert alone.returncode == 1


def test_strict_nbval_sees_one_wrong_digit(good, tmp_path):
    path = changed(good, 4, tmp_path, outputs=[new_output("execute_result", {"text/plain": "0.6"})])
    result = run("strict_nbval", "-n0", path)
    assert result.returncode == 1
    assert "1 failed, 3 passed" in result.stdout


def test_strict_nbval_sets_the_processor_and_goes_on_to_the_next_setting(good, tmp_path):
    source = "import os\nos.environ['OMP_NUM_THREADS'], os.environ.get('MKL_CBWR')"
    outputs = [new_output("execute_result", {"text/plain": "('2', None)"})]
    path = changed(good, 4, tmp_path, source=source, outputs=outputs)
    result = run("strict_nbval", "--others", "-n0", path)
    assert result.returncode == 1
    assert result.stdout.index("4 passed") < result.stdout.index("1 failed, 3 passed")
    assert OWN not in OTHERS


def test_strict_nbval_fails_where_there_is_no_notebook(tmp_path):
    assert run("strict_nbval", "-n0", tmp_path).returncode == 1


def test_nbval_alone_would_let_these_pass(good, tmp_path):
    let_pass = {
        1: {"metadata": {"tags": ["raises-exception"]}},  # it does not
        2: {"execution_count": 7},
        3: {"outputs": [], "execution_count": None},
        4: {"source": "# NBVAL_SKIP\nraise ValueError"},
    }
    notebook = read(good)
    for place, fields in let_pass.items():
        assert problems(changed(good, place, tmp_path, **fields))
        notebook.cells[place].update(fields)
    write(notebook, tmp_path / "changed.ipynb")
    command = [sys.executable, "-m", "pytest", *NBVAL, str(tmp_path)]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 0
    assert "3 passed, 1 skipped" in result.stdout


def test_the_first_cell_says_what_to_do_where_the_library_is_missing(good, tmp_path):
    without_library = WITHOUT_ADDRESS.replace("attention_book", "no_such_library")
    path = changed(good, 1, tmp_path, source=without_library)
    result = run("execute", path)
    assert result.returncode == 1
    assert "The book's library is missing" in result.stderr
    assert first_cell(PLACEHOLDER) == WITHOUT_ADDRESS


def test_the_first_cell_installs_from_the_address(good):
    source = first_cell("https://github.com/ada/book")
    assert '%pip install -q "attention-book[figures] @ git+https://github.com/ada/book"' in source
    assert first_code_cell(read(good)).id == "library"
