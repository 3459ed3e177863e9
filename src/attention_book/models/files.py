"""Weights and settings from disk: nothing is run, and nothing damaged is loaded."""

import hashlib
import json
import math
import operator
from pathlib import Path

import torch
from torch import Tensor

PICKLES = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".npz", ".npy", ".h5", ".msgpack")
SIGNS = {  # how files begin that are something else
    b"version https://git-lfs": "a Git-LFS pointer, not the file itself; run git lfs pull",
    b"<": "an HTML or XML page, perhaps of an error; download the file itself",
    b"\x93NUMPY": "a NumPy array, which is not opened; get the .safetensors file",
    b"\x1f\x8b": "compressed by gzip; unpack it first",
}
PICKLED = {
    b"\x80": "a pickle, which can run programs; it is not opened, get the .safetensors file",
    b"PK": "a zip archive (.npz, or a PyTorch pickle), which is not opened; get .safetensors",
}
TYPES = dict(F64=torch.float64, F32=torch.float32, F16=torch.float16, BF16=torch.bfloat16)
TYPES |= dict(I64=torch.int64, I32=torch.int32, I16=torch.int16, I8=torch.int8)
TYPES |= dict(U8=torch.uint8, BOOL=torch.bool)
LONGEST_HEADER = 100_000_000


def read_weights(path: str | Path, sha256: str | None = None) -> dict[str, Tensor]:
    """The tensors of a safetensors file, which must be whole, and the one that was published.

    They own their memory: the file is closed, and may be written anew or removed. Truncation
    always shows. A changed bit shows if the SHA-256 is known: as an argument, or from a file
    SHA256SUMS in the same folder, as the program sha256sum writes it.
    FileNotFoundError if there is none; ValueError says what else is there, or what is wrong.
    """
    path = Path(path)
    if path.suffix in PICKLES:
        raise ValueError(f"{path} is not opened: only .safetensors is sure to run nothing")
    must_exist(path)
    with path.open("rb") as file:
        places = _places(path, file)
        must_be_published(path, sha256)
        return {name: _tensor(file, *place) for name, place in places.items()}


def read_settings(path: str | Path) -> dict:
    """What a JSON file says; errors are those of `read_weights`."""
    path = Path(path)
    must_exist(path)
    with path.open("rb") as file:
        must_not_begin(path, file.read(32), SIGNS | PICKLED)
    return _json(path, path.read_bytes())


def digest(path: str | Path) -> str:
    """The SHA-256 of a file of any size."""
    total = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(2**20):
            total.update(chunk)
    return total.hexdigest()


def must_exist(path: Path) -> None:
    """FileNotFoundError if there is no such file."""
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")


def must_be_published(path: Path, sha256: str | None = None) -> None:
    """ValueError if the SHA-256 is known, from here or from the folder, and another."""
    known = _listed(path) if sha256 is None else sha256
    if known is not None and digest(path) != known.lower():
        raise ValueError(f"{path} was altered: its SHA-256 is {digest(path)}, expected {known}")


def must_not_begin(path: Path, start: bytes, signs: dict[bytes, str]) -> None:
    """ValueError says what else the file is."""
    for sign, what in signs.items():
        if start.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(sign):
            raise ValueError(f"{path} is {what}")


def _places(path, file):
    """Where each tensor begins, with its type and shape; the file is as long as they need."""
    size = path.stat().st_size
    start = file.read(32)
    if start[8:9] != b"{":  # where the header begins, behind its length, which may be anything
        must_not_begin(path, start, SIGNS | PICKLED)
    length = int.from_bytes(start[:8], "little")
    if size < 8 or length > min(size - 8, LONGEST_HEADER):
        raise ValueError(f"{path} is truncated or damaged: {size:,} bytes end in its header")
    file.seek(8)
    header = _json(path, file.read(length))
    header.pop("__metadata__", None)
    try:
        places, end = _side_by_side(header, 8 + length)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ValueError(
            f"{path} is damaged: its header does not say where tensors lie, each of a type among "
            f"{', '.join(TYPES)}"
        ) from None
    if size != end:
        what = "truncated" if size < end else "altered"
        raise ValueError(f"{path} is {what}: it has {size:,} of {end:,} bytes")
    return places


def _side_by_side(header, start):
    """The places of tensors that lie one behind the other, and where the last one ends."""
    places, end = {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        dtype, shape = TYPES[entry["dtype"]], [operator.index(n) for n in entry["shape"]]
        begin, end = end, end + dtype.itemsize * math.prod(shape)
        if entry["data_offsets"] != [begin, end] or min(shape, default=0) < 0:
            raise ValueError(name)
        places[name] = start + begin, dtype, shape
    if not places:
        raise ValueError("no tensors")
    return places, start + end


def _tensor(file, start, dtype, shape):
    """Read, not mapped: a mapped file can be neither replaced nor removed on Windows."""
    tensor = torch.empty(shape, dtype=dtype, device="cpu")
    file.seek(start)
    file.readinto(tensor.view(-1).view(torch.uint8).numpy())
    return tensor


def _json(path, text):
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is damaged: {error}") from None
    if not isinstance(value, dict):
        raise ValueError(f"{path} is damaged: it holds a {type(value).__name__}, not names")
    return value


def _listed(path):
    sums = path.with_name("SHA256SUMS")
    if not sums.is_file():
        return None
    for line in sums.read_text("utf-8", "surrogateescape").splitlines():
        known, _, name = line.partition(" ")
        if name.lstrip(" *") == path.name:
            return known
    raise ValueError(f"{sums} does not list {path.name}")
