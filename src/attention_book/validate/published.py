"""What is loaded must be exactly the model that was published."""

from collections.abc import Mapping
from pathlib import Path

import torch

from .numbers import instance
from .tensors import FLOATS


def published(function, source, config, sha256, kind):
    if config is not None:
        instance(function, "config", config, kind)
    if sha256 is not None and (not isinstance(sha256, str) or len(sha256) != 64):
        raise ValueError(f"{function}: sha256 must be 64 hexadecimal digits, got {sha256!r}")
    if isinstance(source, Mapping):
        _state(function, source, config, sha256)
    elif not isinstance(source, (str, Path)):
        raise TypeError(
            f"{function}: source must be a folder or a state dict, got {type(source).__name__}"
        )
    elif not Path(source).is_dir():
        raise ValueError(
            f"{function}: source must be a folder that holds config.json and model.safetensors, "
            f"got {str(source)!r}, which is {'a file' if Path(source).exists() else 'not there'}; "
            f"nothing was opened"
        )


def _state(function, state, config, sha256):
    if config is None:
        raise ValueError(f"{function}: a state dict needs its config")
    if sha256 is not None:
        raise ValueError(f"{function}: sha256 is of a file, but source is a state dict")
    for name, x in state.items():
        if not isinstance(name, str) or not isinstance(x, torch.Tensor):
            raise TypeError(
                f"{function}: a state dict holds tensors by name, got {type(x).__name__} "
                f"as {name!r}"
            )


def published_config(function, config, family):
    """The config describes a model of this family."""
    family = family | {"positions": "learned", "bias": True, "scale_embeddings": False}
    for name, value in (family | {"tie_embeddings": True}).items():
        if getattr(config, name) != value:
            raise ValueError(
                f"{function}: config.{name} must be {value!r} here, got {getattr(config, name)!r}"
            )


def published_settings(function, settings, names, variants):
    needed = {name for name in names.values() if name != "n_inner"}
    missing = sorted(needed - set(settings))
    if missing:
        raise ValueError(f"{function}: config.json lacks {', '.join(missing)}")
    for name, value in variants.items():
        if settings.get(name, value) != value:
            raise ValueError(
                f"{function}: config.json says {name} = {settings[name]!r}, but this model can "
                f"only be {value!r}"
            )


def published_tensors(function, state, bare, copies):
    """Every name once, copies equal to what they copy, floats of one kind."""
    if len(bare) != len(state):
        raise ValueError(f"{function}: some names are there twice, with and without a prefix")
    for copy, first in copies.items():
        if copy in bare and first in bare and not _equal(bare[copy], bare[first]):
            raise ValueError(f"{function}: {copy} must equal {first}, to which it is tied")


def _equal(a, b):
    return a.shape == b.shape and a.dtype == b.dtype and torch.equal(a, b)


def published_shapes(function, state, shapes):
    """Nothing is missing, extra, of another shape, or of another type than the rest."""
    both = [name for name in shapes if name in state]
    kinds = {name: str(state[name].dtype) for name in both}
    first = next(iter(kinds.values()), None)
    wrong = {
        "missing": [name for name in shapes if name not in state],
        "extra": [name for name in state if name not in shapes],
        "of another shape": [
            f"{name} {tuple(state[name].shape)} instead of {tuple(shapes[name])}"
            for name in both
            if tuple(state[name].shape) != tuple(shapes[name])
        ],
        "of another type": [
            f"{name} {kind}"
            for name, kind in kinds.items()
            if kind != first or state[name].dtype not in FLOATS
        ],
    }
    found = [f"{what}: {', '.join(names)}" for what, names in wrong.items() if names]
    if found:
        raise ValueError(f"{function}: the weights are not this model's. " + "; ".join(found))
