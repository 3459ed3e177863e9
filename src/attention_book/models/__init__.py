"""Whole models, each a stack of the same blocks: what differs is who may look at whom."""

from .bert import BERT
from .gpt import GPT
from .picture_reader import PictureReader, strips
from .transformer import Transformer
from .vision import VisionTransformer, patches

__all__ = [
    "BERT",
    "GPT",
    "PictureReader",
    "Transformer",
    "VisionTransformer",
    "patches",
    "strips",
]
