"""Classic bugs of attention code, each as one change: the tests must notice every one."""

from . import (
    attention,
    cache,
    figures,
    generation,
    heads,
    layers,
    models,
    published,
    tasks,
    tokens,
    training,
)
from .mutant import outcome

PARTS = (
    attention,
    heads,
    cache,
    layers,
    models,
    published,
    generation,
    tasks,
    training,
    tokens,
    figures,
)
MUTANTS = [mutant for part in PARTS for mutant in part.MUTANTS]

__all__ = ["MUTANTS", "outcome"]
