"""Run the committed notebooks as Colab would: `python -m tools.colab`.

A fresh environment sees what Colab brings along, but not the library; an empty folder holds the
notebooks alone; the first cell installs the library from a clone that stands in for the network.
"""

import os
import subprocess
import sys
import venv
from importlib.metadata import distribution
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.requirements import Requirement

from tools.execute import read, write
from tools.first_cell import first_cell, first_code_cell

ROOT = Path(__file__).parents[1]
RUNNER = ("-m", "tools.execute")  # from this folder; the kernel runs in the notebooks' own
ADDRESS = "https://github.com/attention-book/simulation"
COLAB_HAS = ["torch", "transformers", "numpy", "scipy", "matplotlib", "ipykernel", "nbclient"]
IMPORT = "import attention_book; print(attention_book.__file__)"


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What the command prints; its failure ends the program."""
    hidden = ("PYTHONPATH", "VIRTUAL_ENV")
    clean = {name: value for name, value in os.environ.items() if name not in hidden}
    result = subprocess.run(
        command, cwd=cwd, env=clean | environment, stdout=subprocess.PIPE, text=True, check=False
    )
    if result.returncode:
        sys.exit(f"{result.stdout}The Colab simulation failed in: {' '.join(map(str, command))}")
    return result.stdout


def with_dependencies(names: list[str]) -> set[str]:
    """The names of the distributions and of all that they need on this machine."""
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            needs = map(Requirement, distribution(name).requires or [])
            todo += [need.name for need in needs if not need.marker or need.marker.evaluate()]
    return found


def share(names: set[str], folder: Path) -> None:
    """Link the distributions' files into the folder, and nothing else from beside them."""
    for name in names:
        files = distribution(name).files or []
        for top in {file.parts[0] for file in files} - {"..", "__pycache__"}:
            if not (folder / top).exists():
                (folder / top).symlink_to(distribution(name).locate_file(top))


def fresh_python(folder: Path) -> Path:
    """A new environment's interpreter that sees what Colab has, and not the library."""
    shared, environment = folder / "shared", folder / "environment"
    shared.mkdir()
    share(with_dependencies(COLAB_HAS), shared)
    venv.create(environment, with_pip=True)
    [packages] = environment.glob("lib/python*/site-packages")
    (packages / "colab.pth").write_text(f"{shared}\n", "utf-8")
    return environment / "bin" / "python"


def lone_notebooks(clone: Path, folder: Path) -> list[Path]:
    """Copies that know the clone's address, in a folder with nothing else."""
    folder.mkdir()
    copies = []
    for path in sorted(clone.glob("chapters/*.ipynb")):
        notebook = read(path)
        first_code_cell(notebook).source = first_cell(ADDRESS)
        write(notebook, folder / path.name)
        copies.append(folder / path.name)
    return copies


def instead_of_network(clone: Path) -> dict[str, str]:
    """Git settings under which the simulated address is the clone."""
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{clone.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": ADDRESS,
    }


def frozen(python: Path) -> set[str]:
    """Every distribution that the interpreter sees, with its version."""
    return set(run(python, "-m", "pip", "freeze", cwd=python.parent).splitlines())


def absent(python: Path) -> bool:
    """Whether the interpreter lacks the library."""
    tried = subprocess.run([python, "-I", "-c", IMPORT], capture_output=True, text=True)
    return "ModuleNotFoundError: No module named 'attention_book'" in tried.stderr


def simulate(repository: Path, folder: Path) -> None:
    """Execute the repository's committed notebooks in the folder, or end the program."""
    clone, python = folder / "clone", fresh_python(folder)
    run("git", "clone", "--quiet", repository, clone, cwd=folder)
    notebooks = lone_notebooks(clone, folder / "notebooks")
    before = frozen(python)
    if not notebooks:
        sys.exit("The Colab simulation found no committed notebook in chapters/.")
    if not absent(python):
        sys.exit("The Colab simulation proves nothing: the library is there from the start.")

    print(run(python, *RUNNER, *notebooks, cwd=ROOT, **instead_of_network(clone)), end="")

    source = Path(run(python, "-I", "-c", IMPORT, cwd=folder).strip())
    if not source.is_relative_to(folder / "environment"):
        sys.exit(f"The Colab simulation used the library of {source}, not the installed one.")
    if changed := before - frozen(python):
        sys.exit(f"Installing the library changed what Colab brings along: {sorted(changed)}")


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        simulate(ROOT, Path(folder).resolve())
