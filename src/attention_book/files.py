"""Tensors on disk, as safetensors: what is damaged, or is something else, is refused by name.

Nothing is ever unpickled, so a file cannot run code.
"""

import hashlib
import os
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

# How files begin that are taken for weights by mistake, and what they are.
OTHERS = {
    b"version https://git-lfs": "is a Git LFS pointer, not the file itself; run git lfs pull",
    b"<!doctype": "is a web page; download the file itself",
    b"<html": "is a web page; download the file itself",
    b"pk\x03\x04": "is a zip archive, as torch.save and numpy.savez write, and may hold a pickle, "
    "which can run code; only safetensors are read",
    b"\x80": "is a pickle, which can run code; only safetensors are read",
}


def read_tensors(
    function: str, path: str | os.PathLike, *, size: int | None = None, sha256: str | None = None
) -> dict[str, Tensor]:
    """All tensors of a safetensors file, by name, after its size and SHA-256 proved right.

    `function` is the name that errors speak for. FileNotFoundError, or ValueError that says
    whether the file is a Git LFS pointer, a web page, a pickle, truncated or altered.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"{function}: there is no file {path}")
    _refuse_others(function, path)
    _refuse_changes(function, path, size, sha256)
    try:
        return load_file(path)
    except SafetensorError as error:
        raise ValueError(
            f"{function}: {path.name} is truncated or no safetensors file: {error}"
        ) from None


def write_tensors(path: str | os.PathLike, tensors: dict[str, Tensor]) -> dict:
    """Write the file in one step, and return its {"file", "bytes", "sha256"} for a manifest."""
    path = Path(path)
    draft = path.with_name(path.name + ".draft")
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, draft)
    draft.replace(path)
    return {"file": path.name, "bytes": path.stat().st_size, "sha256": digest(path)}


def digest(path: str | os.PathLike) -> str:
    """The SHA-256 of a file."""
    found = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(2**20):
            found.update(block)
    return found.hexdigest()


def tensors_of(model: nn.Module) -> dict[str, Tensor]:
    """The model's own tensors, by name; tied ones once, under their first name."""
    first = {name for name, _ in (*model.named_parameters(), *model.named_buffers())}
    return {name: tensor for name, tensor in model.state_dict().items() if name in first}


def put_tensors(function: str, model: nn.Module, tensors: dict[str, Tensor]) -> None:
    """Copy the tensors into the model; ValueError lists what is missing, unknown or misshapen."""
    own = tensors_of(model)
    problems = {
        "missing": sorted(own.keys() - tensors.keys()),
        "unknown": sorted(tensors.keys() - own.keys()),
        "of another kind": [
            f"{name} ({_kind(tensors[name])} for {_kind(tensor)})"
            for name, tensor in own.items()
            if name in tensors and _kind(tensors[name]) != _kind(tensor)
        ],
    }
    if found := "; ".join(
        f"{what}: {', '.join(names)}" for what, names in problems.items() if names
    ):
        raise ValueError(f"{function}: the tensors do not fit the model; {found}")
    for name, tensor in own.items():
        tensor.copy_(tensors[name])


def _kind(tensor):
    return f"{tensor.dtype} {tuple(tensor.shape)}"


def _refuse_others(function, path):
    with open(path, "rb") as file:
        start = file.read(64)
    if start[8:9] == b"{":  # where safetensors has it, after eight bytes of any value
        return
    for beginning, words in OTHERS.items():
        if start.lstrip().lower().startswith(beginning):
            raise ValueError(f"{function}: {path.name} {words}")


def _refuse_changes(function, path, size, sha256):
    found = path.stat().st_size
    if size is not None and found != size:
        what = "truncated" if found < size else "altered"
        raise ValueError(f"{function}: {path.name} is {what}: {found:,} bytes, not {size:,}")
    if sha256 is not None and digest(path) != sha256:
        raise ValueError(f"{function}: {path.name} is altered: its SHA-256 is not {sha256}")
