"""Weights and settings from disk: nothing is run, and nothing damaged is loaded."""

import hashlib
import json
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

PICKLES = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".npz", ".npy", ".h5", ".msgpack")
SIGNS = {  # how files begin that are something else
    b"version https://git-lfs": "a Git-LFS pointer, not the file itself; run git lfs pull",
    b"<": "an HTML or XML page, perhaps of an error; download the file itself",
    b"\x80": "a pickle, which can run programs; it is not opened, get the .safetensors file",
    b"PK": "a zip archive (.npz, or a PyTorch pickle), which is not opened; get .safetensors",
    b"\x93NUMPY": "a NumPy array, which is not opened; get the .safetensors file",
    b"\x1f\x8b": "compressed by gzip; unpack it first",
}
LONGEST_HEADER = 100_000_000


def read_weights(path: str | Path, sha256: str | None = None) -> dict[str, Tensor]:
    """The tensors of a safetensors file, which must be whole, and the one that was published.

    Truncation always shows. A changed bit shows if the SHA-256 is known: as an argument, or from
    a file SHA256SUMS in the same folder, as the program sha256sum writes it.
    FileNotFoundError if there is none; ValueError says what else is there, or what is wrong.
    """
    path = Path(path)
    _named_as_safe(path)
    _whole(path)
    known = _listed(path) if sha256 is None else sha256
    if known is not None and digest(path) != known.lower():
        raise ValueError(f"{path} was altered: its SHA-256 is {digest(path)}, expected {known}")
    try:
        return load_file(path)
    except (SafetensorError, KeyError, RuntimeError) as error:
        raise ValueError(f"{path} is damaged: {error}") from None


def read_settings(path: str | Path) -> dict:
    """What a JSON file says; errors are those of `read_weights`."""
    path = Path(path)
    _exists(path)
    with path.open("rb") as file:
        _not_something_else(path, file.read(32))
    return _json(path, path.read_bytes())


def digest(path: str | Path) -> str:
    """The SHA-256 of a file of any size."""
    total = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(2**20):
            total.update(chunk)
    return total.hexdigest()


def _named_as_safe(path):
    if path.suffix in PICKLES:
        raise ValueError(f"{path} is not opened: only .safetensors is sure to run nothing")
    _exists(path)


def _exists(path):
    if path.is_file():
        return
    others = sorted(x.name for x in path.parent.glob("*") if x.suffix in PICKLES)
    there = f"; there is {', '.join(others)}, which is not opened: it could run programs"
    raise FileNotFoundError(f"there is no file {path}{there if others else ''}")


def _whole(path):
    """The file is as long as its header says."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(32)
        if start[8:9] != b"{":  # where the header begins, behind its length, which may be anything
            _not_something_else(path, start)
        length = int.from_bytes(start[:8], "little")
        if size < 8 or length > min(size - 8, LONGEST_HEADER):
            raise ValueError(f"{path} is truncated or damaged: {size:,} bytes end in its header")
        file.seek(8)
        header = _json(path, file.read(length))
    expected = 8 + length + _end(path, header)
    if size != expected:
        what = "truncated" if size < expected else "altered"
        raise ValueError(f"{path} is {what}: it has {size:,} of {expected:,} bytes")


def _not_something_else(path, start):
    for sign, what in SIGNS.items():
        if start.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(sign):
            raise ValueError(f"{path} is {what}")


def _json(path, text):
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is damaged: {error}") from None
    if not isinstance(value, dict):
        raise ValueError(f"{path} is damaged: it holds a {type(value).__name__}, not names")
    return value


def _end(path, header):
    try:
        return max((x["data_offsets"][1] for n, x in header.items() if n != "__metadata__"))
    except (TypeError, KeyError, IndexError, ValueError):
        raise ValueError(f"{path} is damaged: its header does not say where tensors lie") from None


def _listed(path):
    sums = path.with_name("SHA256SUMS")
    if not sums.is_file():
        return None
    for line in sums.read_text().splitlines():
        known, _, name = line.partition(" ")
        if name.lstrip(" *") == path.name:
            return known
    raise ValueError(f"{sums} does not list {path.name}")
