"""Properties that attention must have, as functions: silent when true, telling when false.

A check takes NumPy arrays or torch tensors alike. It returns nothing, or raises AssertionError
with a text that names the likely misconception. Chapters, exercises and tests use the same ones.
"""

from .arrays import inside_hull, rows_sum_to_one, same
from .behavior import cache_equals_full, causal, permutation_equivariant

__all__ = [
    "cache_equals_full",
    "causal",
    "inside_hull",
    "permutation_equivariant",
    "rows_sum_to_one",
    "same",
]
