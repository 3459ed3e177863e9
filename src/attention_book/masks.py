"""Who may look at whom: bool tensors, True = may attend, combined with `&`."""

import torch
from jaxtyping import Bool
from torch import Tensor

from . import validate


def causal_mask(n_queries: int, n_keys: int | None = None) -> Bool[Tensor, "Tq Tk"]:
    r"""Each query sees the keys up to its own position and none after it.

    The queries are the *last* of the keys: query $i$ stands at position
    $n_{keys} - n_{queries} + i$, so that one rule serves a whole sentence and a sentence that
    grows word by word. Without `n_keys` there are as many keys as queries.
    ValueError if there are more queries than keys: the first ones would see nothing.
    Source: Vaswani et al. (2017), section 3.2.3.
    """
    n_keys = n_queries if n_keys is None else n_keys
    validate.causal_sizes("causal_mask", n_queries, n_keys)
    return torch.ones(n_queries, n_keys, dtype=torch.bool).tril(n_keys - n_queries)
