"""Classic bugs of attention code, each as one change: the tests must notice every one."""

from . import (
    attention,
    blanks,
    block_since,
    cache,
    figures,
    fixed_memory,
    four_tasks,
    generation,
    heads,
    layers,
    models,
    ngrams,
    pictures,
    published,
    reading,
    smaller_caches,
    sound,
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
    sound,
    layers,
    block_since,
    models,
    pictures,
    published,
    generation,
    speculative,
    ngrams,
    tasks,
    blanks,
    four_tasks,
    training,
    tokens,
    figures,
    reading,
    fixed_memory,
    streaming,
)
MUTANTS = [mutant for part in PARTS for mutant in part.MUTANTS]

__all__ = ["MUTANTS", "outcome"]
