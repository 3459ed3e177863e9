"""Classic bugs of attention code, each as one change: the tests must notice every one."""

from . import (
    attention,
    blanks,
    block_since,
    cache,
    figures,
    fixed_memory,
    generation,
    heads,
    layers,
    models,
    ngrams,
    published,
    reading,
    smaller_caches,
    speculative,
    streaming,
    tasks,
    tokens,
    training,
)
from .mutant import outcome

PARTS = (
    attention,
    heads,
    cache,
    smaller_caches,
    layers,
    block_since,
    models,
    published,
    generation,
    speculative,
    ngrams,
    tasks,
    blanks,
    training,
    tokens,
    figures,
    reading,
    fixed_memory,
    streaming,
)
MUTANTS = [mutant for part in PARTS for mutant in part.MUTANTS]

__all__ = ["MUTANTS", "outcome"]
