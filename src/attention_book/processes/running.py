"""Start a program in several processes, wait for what they give, and name the one that fails."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from torch import Tensor

from .. import validate
from .inside import FOLDER, HERE, load, save

WINDOWS = sys.platform == "win32"
STOPPED = 1 if WINDOWS else -signal.SIGTERM  # by the launcher, because another one failed
LOOPBACK = {"linux": "lo", "darwin": "lo0"}.get(sys.platform)


def run(program: str, inputs: Sequence[Sequence[Tensor]], *, seconds: float = 120) -> list[Tensor]:
    """Run a Python program in as many processes as there are `inputs`, and return what they give.

    Each has its own tensors, `given()`, and hands one back by `give(x)`. They are started as
    `torchrun` starts them, on this machine, and are joined by gloo.
    RuntimeError names the process that died or raised an error, as soon as it does; TimeoutError
    says that they took longer than `seconds`. None is left running. They need no network but
    127.0.0.1, and RuntimeError says so where that is closed. ValueError or TypeError for
    inputs that are no tensors.
    """
    validate.shares_of_processes("run", program, inputs)
    seconds = validate.positive("run", "seconds", seconds)
    _can_talk()
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder, n = Path(name), len(inputs)
        (folder / "program.py").write_text(program, "utf-8")
        for rank, tensors in enumerate(inputs):
            save(folder / f"given-{rank}", *tensors)
        _launch(folder, n, seconds)
        return [_result(folder, rank, n) for rank in range(n)]


def _can_talk():
    try:
        with socket.create_server((HERE, 0)) as server:
            socket.create_connection(server.getsockname(), timeout=5).close()
    except OSError as error:
        raise RuntimeError(f"run: processes cannot talk over {HERE} here: {error}") from None


def _launch(folder, n, seconds):
    command = [sys.executable, "-m", f"{__package__}.launcher", str(folder), str(n), str(seconds)]
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    process = subprocess.Popen(command, env=_environment(folder), **both)
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise TimeoutError(f"run: {n} processes were not done after {seconds:g} seconds") from None
    finally:
        _stop(process)
    if codes := _note(folder / "failures"):
        raise RuntimeError(f"run: {_cause(folder, codes, n)}")
    if process.returncode:
        lines = said.decode("utf-8", "replace").strip().splitlines()
        raise RuntimeError(f"run: PyTorch's launcher failed: {' '.join(lines[-1:])}")


def _environment(folder):
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")]
    own = {FOLDER: str(folder), "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    own |= {"OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    # Windows builds of PyTorch have no libuv; elsewhere gloo would look the machine's name up.
    own |= {"GLOO_SOCKET_IFNAME": LOOPBACK} if LOOPBACK else {"USE_LIBUV": "0"}
    return os.environ | own


def _stop(process):
    """End the launcher, which ends its processes; nothing if it has ended."""
    if process.poll() is None and WINDOWS:
        tree = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(tree, capture_output=True, check=False)
    elif process.poll() is None:
        process.terminate()
    try:
        process.communicate(timeout=45)  # PyTorch grants its processes 30 seconds
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def _cause(folder, codes, n):
    """Who ended without a word, or else who raised the first error."""
    errors = {rank: _note(folder / f"error-{rank}") for rank in range(n)}
    for rank in range(n):
        code = codes.get(str(rank), 0)
        if not (errors[rank] or code == STOPPED or (folder / f"result-{rank}").exists()):
            return f"process {rank} of {n} {_end(code)}"
    raised = [(*error, rank) for rank, error in errors.items() if error]
    if not raised:
        return f"{n} processes were stopped"
    _, text, rank = min(raised)
    return f"process {rank} of {n} raised {text}"


def _end(code):
    if code == 0:
        return "ended without give(...)"
    return f"was killed by signal {-code}" if code < 0 else f"died with exit code {code}"


def _note(file):
    return json.loads(file.read_text("utf-8")) if file.exists() else None


def _result(folder, rank, n):
    file = folder / f"result-{rank}"
    if not file.exists():
        raise RuntimeError(f"run: process {rank} of {n} {_end(0)}")
    return load(file)[0]
