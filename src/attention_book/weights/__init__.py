"""Tiny trained models for the chapters, each with the command that made it and what it can do."""

from pathlib import Path

import torch
from torch import nn

from ..config import Config
from ..models import GPT, PictureReader, Transformer, VisionTransformer
from ..models.files import read_settings, read_weights
from ..models.small import AttentionOnly
from ..train.states import put_tensors
from ..validate.numbers import one_of

FOLDER = Path(__file__).parent
KINDS = AttentionOnly, GPT, PictureReader, Transformer, VisionTransformer
MODELS = {model.__name__: model for model in KINDS}


def load(name: str) -> nn.Module:
    """The trained model of this name, in evaluation mode; `manifest()` lists them all.

    The file's size and SHA-256 are checked first. ValueError for an unknown name, or a file that
    is a Git LFS pointer, a web page, truncated or altered. Files in half precision are kept small
    that way; the model is in float32.
    """
    known = manifest()
    one_of("weights.load", "name", name, known)
    entry = known[name]
    tensors = read_weights(FOLDER / entry["file"], entry["sha256"])
    model = build(entry)
    put_tensors("weights.load", model, {name: x.float() for name, x in tensors.items()})
    return model.eval()


def build(entry: dict, seed: int = 0) -> nn.Module:
    """The untrained model of a manifest's entry, its first weights drawn by the seed."""
    with torch.random.fork_rng(devices=[]):
        torch.random.default_generator.manual_seed(seed)
        return MODELS[entry["model"]](Config(**entry["config"]), **entry["options"]).float()


def manifest() -> dict[str, dict]:
    """What is there: name -> file, its size and SHA-256, model, task, seed, command and skill."""
    return read_settings(FOLDER / "manifest.json")
