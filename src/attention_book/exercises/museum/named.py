"""The checks of `attention_book.checks` under names that fit into a table."""

from ... import checks

SUM, HULL, CAUSAL = checks.rows_sum_to_one, checks.inside_hull, checks.causal
ORDER, CACHE, SAME = checks.permutation_equivariant, checks.cache_equals_full, checks.same
CHECKS = {"sum": SUM, "hull": HULL, "causal": CAUSAL, "order": ORDER, "cache": CACHE, "same": SAME}
N = 6  # tokens
