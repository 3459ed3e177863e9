"""Who may look at whom: bool tensors, True = may attend, combined with `&`."""

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from . import validate


def causal_mask(
    n_queries: int, n_keys: int | None = None, *, device: torch.device | str | None = None
) -> Bool[Tensor, "Tq Tk"]:
    r"""Each query sees the keys up to its own position and none after it.

    The queries are the *last* of the keys: query $i$ stands at position
    $n_{keys} - n_{queries} + i$, so that one rule serves a whole sentence and a sentence that
    grows word by word. Without `n_keys` there are as many keys as queries.
    ValueError if there are more queries than keys: the first ones would see nothing.
    Source: Vaswani et al. (2017), section 3.2.3.
    """
    n_queries, n_keys = validate.causal_sizes("causal_mask", n_queries, n_keys)
    return torch.ones(n_queries, n_keys, dtype=torch.bool, device=device).tril(n_keys - n_queries)


def window_mask(
    n_queries: int,
    window: int,
    n_keys: int | None = None,
    *,
    device: torch.device | str | None = None,
) -> Bool[Tensor, "Tq Tk"]:
    """Each query sees itself and at most `window` keys back, and none after it.

    Sizes and errors are those of `causal_mask`; a window of 0 leaves every token to itself.
    (Mistral's `sliding_window` counts the token itself too, so it is `window + 1`.)
    Source: Beltagy et al. (2020), section 3.1.
    """
    n_queries, n_keys = validate.causal_sizes("window_mask", n_queries, n_keys)
    window = validate.whole_number("window_mask", "window", window)
    return causal_mask(n_queries, n_keys, device=device).triu(n_keys - n_queries - window)


def prefix_mask(
    n_queries: int,
    prefix: int,
    n_keys: int | None = None,
    *,
    device: torch.device | str | None = None,
) -> Bool[Tensor, "Tq Tk"]:
    """Causal, but the first `prefix` keys are open to all: a text to read, then to continue.

    Sizes and errors are those of `causal_mask`; the prefix may not be longer than the keys.
    Source: Raffel et al. (2020), section 3.2.1.
    """
    n_queries, n_keys = validate.causal_sizes("prefix_mask", n_queries, n_keys)
    prefix = validate.whole_number("prefix_mask", "prefix", prefix, most=n_keys)
    return causal_mask(n_queries, n_keys, device=device) | (
        torch.arange(n_keys, device=device) < prefix
    )


def padding_mask(lengths: Int[Tensor, " B"], n_keys: int) -> Bool[Tensor, "B 1 1 Tk"]:
    """Every query of a row sees the row's real tokens, the first `lengths[row]`, and no padding.

    The shape fits (B, H, Tq, Tk), so it combines with the others: `causal_mask(n) & padding`.
    Where the padding stands on the left, write `padding_mask(lengths, n_keys).flip(-1)`.
    TypeError or ValueError for lengths that are not whole numbers from 0 to `n_keys`.
    """
    validate.lengths("padding_mask", lengths, n_keys)
    return (torch.arange(n_keys, device=lengths.device) < lengths[:, None])[:, None, None]
