"""What is loaded must be exactly the model that was published."""

import textwrap
from collections.abc import Mapping
from pathlib import Path

import torch

from .numbers import instance


def published(function, source, config, sha256, ignore, kind):
    if config is not None:
        instance(function, "config", config, kind)
    if sha256 is not None and (not isinstance(sha256, str) or len(sha256) != 64):
        raise ValueError(f"{function}: sha256 must be 64 hexadecimal digits, got {sha256!r}")
    if not isinstance(ignore, (tuple, list)) or not all(isinstance(name, str) for name in ignore):
        raise TypeError(f"{function}: ignore must be names, as in ('score.*',), got {ignore!r}")
    if isinstance(source, Mapping):
        _state(function, source, config, sha256)
    elif not isinstance(source, (str, Path)):
        got = type(source).__name__
        raise TypeError(f"{function}: source must be a folder or a state dict, got {got}")
    elif not Path(source).is_dir():
        got = f"{str(source)!r}, which is {'a file' if Path(source).exists() else 'not there'}"
        text = f"source must be a folder that holds config.json and weights, got {got}"
        raise ValueError(f"{function}: {text}; nothing was opened")


def _state(function, state, config, sha256):
    if config is None:
        raise ValueError(f"{function}: a state dict needs its config")
    if sha256 is not None:
        raise ValueError(f"{function}: sha256 is of a file, but source is a state dict")
    for name, x in state.items():
        if not isinstance(name, str) or not isinstance(x, torch.Tensor):
            got = f"{type(x).__name__} as {name!r}"
            raise TypeError(f"{function}: a state dict holds tensors by name, got {got}")


def no_disagreement(text, wrong, advice=""):
    """All lists of what is wrong are empty; a long one is cut."""
    lists = {what: textwrap.shorten(", ".join(names), 500) for what, names in wrong.items()}
    found = [f"{what}: {names}" for what, names in lists.items() if names]
    if found:
        raise ValueError(f"{text}; {'; '.join(found)}{advice}")
