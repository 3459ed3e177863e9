"""Classic bugs of attention code, each as one change: the tests must notice every one."""

from . import attention, cache, generation, heads, layers, models, published, tasks, training
from .mutant import outcome

PARTS = (attention, heads, cache, layers, models, published, generation, tasks, training)
MUTANTS = [mutant for part in PARTS for mutant in part.MUTANTS]

__all__ = ["MUTANTS", "outcome"]
