"""PyTorch's own format of weights, which is a program: opened by the reader that runs nothing."""

import re
import warnings
import zipfile
from pathlib import Path

import torch
from torch import Tensor

from .files import SIGNS, must_be_published, must_exist, must_not_begin

SAFE = (2, 10)  # earlier ones let a file run programs with weights_only=True too: CVE-2026-24747


def read_pickled(path: Path, sha256: str | None = None) -> dict[str, Tensor]:
    """The tensors of a `.bin` file; ValueError if it holds, or would do, anything else."""
    must_exist(path)
    with path.open("rb") as file:
        must_not_begin(path, file.read(32), SIGNS)
    must_be_published(path, sha256)
    if tuple(map(int, torch.__version__.split(".")[:2])) < SAFE:
        raise ValueError(
            f"{path} is not opened by torch {torch.__version__}, where it could run programs; "
            f"update torch to 2.10, or get model.safetensors"
        )
    try:
        _must_not_swell(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PyTorch warns of its older formats
            found = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever a damaged program sets off in its interpreter
        why = re.search(r"Unsupported (operand|global: GLOBAL) \S+", str(error))
        raise ValueError(
            f"{path} is refused by PyTorch's reader of weights alone: it is damaged, or holds "
            f"what could run programs ({why[0] if why else type(error).__name__}); nothing was "
            f"run; get model.safetensors"
        ) from None
    if not isinstance(found, dict) or not all(map(_is_named_tensor, found.items())):
        raise ValueError(f"{path} holds something else than tensors by name; get model.safetensors")
    return found


def _must_not_swell(path):
    """PyTorch writes its archives uncompressed; one that unpacks to more was made for harm."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > path.stat().st_size:
                raise zipfile.BadZipFile


def _is_named_tensor(item):
    return isinstance(item[0], str) and isinstance(item[1], Tensor)
