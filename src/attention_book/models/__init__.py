"""Whole models, each a stack of the same blocks: what differs is who may look at whom."""

from .bert import BERT
from .gpt import GPT
from .transformer import Transformer
from .vision import VisionTransformer, patches

__all__ = ["BERT", "GPT", "Transformer", "VisionTransformer", "patches"]
