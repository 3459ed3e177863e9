"""Re-execute notebooks; a second run changes no byte: `python -m tools.execute [paths]`."""

import os
import sys
from pathlib import Path

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbformat import NotebookNode
from traitlets import default

from . import settings, witness
from .folds import fold

CHAPTERS = Path(__file__).parents[1] / "chapters"
CELL_TIMEOUT = 400  # seconds: ten times what the longest cell takes on a machine at rest
LATE = 60  # seconds within which a kernel answers, and an output arrives, on a busy machine
START = f"__import__('runpy').run_path({witness.__file__!r})['watch'](get_ipython())"
FAILURES = (CellControlSignal, DeadKernelError)
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def read(path: Path) -> NotebookNode:
    return nbformat.v4.reads(path.read_text("utf-8"))


def text(notebook: NotebookNode) -> str:
    """The notebook as the one text that a file of it holds."""
    whole = nbformat.from_dict({**notebook, "metadata": METADATA})
    return nbformat.v4.writes(fold(whole)) + "\n"


def write(notebook: NotebookNode, path: Path) -> None:
    """Replace the file in one step, so that an interruption leaves the old one."""
    draft = path.with_suffix(".draft")
    draft.write_text(text(notebook), "utf-8", newline="\n")
    draft.replace(path)


class OwnKernel(AsyncKernelManager):
    """A kernel of the running interpreter, whatever is registered under the name python3."""

    @default("kernel_spec_manager")
    def _no_registered_kernels(self) -> KernelSpecManager:
        return KernelSpecManager(kernel_dirs=[])


class Client(NotebookClient):
    """A client whose kernel tells what each cell proved."""

    async def async_start_new_kernel_client(self, **options):
        client = await super().async_start_new_kernel_client(**options)
        client.execute(START, silent=True)
        return client


def keep_proofs(notebook: NotebookNode) -> None:
    """What a cell proved is no output of it, but metadata."""
    for cell in notebook.cells:
        cell.metadata.pop("proofs", None)
        for output in [o for o in cell.get("outputs", []) if witness.PROOFS in o.get("data", {})]:
            cell.metadata["proofs"] = output["data"][witness.PROOFS]
            cell.outputs.remove(output)


def execute(path: Path, cell_timeout: float = CELL_TIMEOUT) -> NotebookNode:
    """The notebook with fresh outputs; a cell that fails, hangs or kills its kernel raises."""
    notebook = read(path)
    client = Client(
        notebook,
        kernel_manager_class=OwnKernel,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        timeout=cell_timeout,
        startup_timeout=10 * LATE,
        iopub_timeout=LATE,
        record_timing=False,
        coalesce_streams=True,  # else the number of outputs depends on how fast a cell prints
        force_raise_errors=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    with settings.nobodys() as environment:
        client.execute(env=os.environ | environment)
    keep_proofs(notebook)
    return notebook


def main(paths: list[Path]) -> None:
    for path in paths:
        try:
            write(execute(path), path)
        except FAILURES as failure:
            sys.exit(f"{path}: left as it was, because a cell failed.\n{failure}")
        print(f"executed {path}")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or sorted(CHAPTERS.glob("*.ipynb")))
