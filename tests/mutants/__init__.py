"""Classic bugs of attention code, each as one change: the tests must notice every one."""

from . import attention, cache, heads, layers
from .mutant import outcome

MUTANTS = [m for part in (attention, heads, cache, layers) for m in part.MUTANTS]

__all__ = ["MUTANTS", "outcome"]
