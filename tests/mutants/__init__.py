"""Classic bugs of attention code, each as one change: the tests must notice every one."""

from . import attention, cache, generation, heads, layers, models
from .mutant import outcome

PARTS = (attention, heads, cache, layers, models, generation)
MUTANTS = [mutant for part in PARTS for mutant in part.MUTANTS]

__all__ = ["MUTANTS", "outcome"]
