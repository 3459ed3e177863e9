"""A program in several processes, as on several machines, started by PyTorch's own launcher."""

from .inside import gather, give, given
from .running import run

__all__ = ["gather", "give", "given", "run"]
