"""The weights of a published folder: in one file or in shards, safetensors before pickles."""

import re
from pathlib import Path

from torch import Tensor

from .. import validate
from .files import PICKLES, must_exist, read_settings, read_weights
from .pickled import read_pickled

FORMS = (
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)


def read_folder(folder: str | Path, sha256: str | None = None) -> dict[str, Tensor]:
    """All tensors of a published folder, from the first of `FORMS` that is there.

    Each file is checked as in `read_weights`. FileNotFoundError names a shard that is not there;
    ValueError says where index and shards disagree.
    """
    folder = Path(folder)
    for name in FORMS:
        if (folder / name).exists():
            return _read(folder / name, sha256)
    others = sorted(x.name for x in folder.iterdir() if x.suffix in (".safetensors", *PICKLES))
    there = f"; there is {', '.join(others)}, which is not opened" if others else ""
    raise FileNotFoundError(f"there is no file {' or '.join(FORMS)} in {folder}{there}")


def _read(path, sha256=None):
    if path.suffix == ".json":
        return _read_shards(path, sha256)
    return (read_weights if path.suffix == ".safetensors" else read_pickled)(path, sha256)


def _read_shards(index, sha256):
    if sha256 is not None:
        raise ValueError(f"sha256 is of one file, but {index} names several; use SHA256SUMS")
    places = _places(index)
    shards = sorted(set(places.values()))
    for shard in shards:
        must_exist(index.with_name(shard))
    tensors = {}
    for shard in shards:
        found = _read(index.with_name(shard))
        listed = {name for name, place in places.items() if place == shard}
        wrong = {
            "not there": sorted(listed - found.keys()),
            "there but not in the index for it": sorted(found.keys() - listed),
        }
        validate.no_disagreement(f"{index} does not fit {shard}", wrong)
        tensors |= found
    return tensors


def _places(index):
    """The shard of each tensor: a file beside the index, of the kind that the index is for."""
    places = read_settings(index).get("weight_map")
    if not isinstance(places, dict) or not places:
        raise ValueError(f"{index} is damaged: it has no weight_map from names to files")
    plain = re.compile(rf"[\w. -]+\.{index.name.split('.')[1]}")
    for name, shard in places.items():
        if not isinstance(shard, str) or not plain.fullmatch(shard):
            raise ValueError(
                f"{index} says that {name} is in {validate.shown(shard)}, which is no such file "
                f"beside it; nothing was opened"
            )
    return places
