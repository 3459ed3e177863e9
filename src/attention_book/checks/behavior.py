"""Checks of functions and models: what may depend on what."""

import copy

import numpy as np

from .arrays import numbers


def causal(f, x):
    """No output row changes, not even in its last bit, when a later token does, in several ways.

    `f` maps tokens to one output row per token: x is (..., T, C) for vectors or (..., T) for
    integer ids, and f(x) is (..., T, anything).
    """
    ids = numbers(x).dtype.kind in "iu"
    length = x.shape[-1 if ids else -2]
    before = numbers(f(x))
    if before.ndim < 2 or before.shape[-2] != length:
        raise AssertionError(f"f must give {length} rows, one per token, got shape {before.shape}")
    for j in range(1, length):
        for other in _others(x, j, ids):
            moved = np.argwhere(before[..., :j, :] != numbers(f(other))[..., :j, :])
            if len(moved):
                row = moved[0][-2]
                raise AssertionError(
                    f"row {row} changed when token {j} changed: the mask lets the future in"
                )


def permutation_equivariant(f, x, tolerance=1e-9):
    """Tokens in another order give the same outputs in that order: f cannot tell places apart.

    `f` maps vectors to one output row per token: x is (..., T, C), and f(x) is (..., T, anything).
    """
    order = np.random.default_rng(0).permutation(x.shape[-2])
    for places in (np.arange(x.shape[-2])[::-1].copy(), order):
        gap = np.abs(numbers(f(x[..., places, :])) - numbers(f(x))[..., places, :])
        if not (gap <= tolerance).all():
            raise AssertionError(
                f"the order of the tokens matters (rows differ by up to {gap.max():.3g}): "
                f"positions were added, or a mask treats places differently"
            )


def cache_equals_full(model, ids, tolerance=1e-6):
    """However the tokens are cut into chunks, the model with caches says what it says without.

    `model(ids, caches=caches)` gives one row of logits for each token, as GPT does; ids are
    (B, T). All cuts into two chunks are tried, and one token at a time.
    """
    from ..cache import KVCache

    length, full = ids.shape[1], numbers(model(ids))
    cuts = [list(range(1, length)), *([cut] for cut in range(1, length))]
    for cut in cuts:
        caches = [KVCache(length) for _ in range(model.config.n_layers)]
        starts, stops = [0, *cut], [*cut, length]
        for start, stop in zip(starts, stops, strict=True):
            chunk = numbers(model(ids[:, start:stop], caches=caches))
            gap = np.abs(chunk - full[:, start:stop])
            if not (gap <= tolerance).all():
                raise AssertionError(
                    f"tokens {start} to {stop - 1}, read after {start} cached ones, give logits "
                    f"that differ by up to {gap.max():.3g}: {_stale(start)}"
                )


def _others(x, j, ids):
    """The tokens with another one at place j: made up, that of other places, and huge ones."""
    at, before, first = ((..., place, *[slice(None)] * (not ids)) for place in (j, j - 1, 0))
    made_up = x[at] == 0 if ids else 1 - 2 * x[at]  # every vocabulary of two has 0 and 1
    huge = [] if ids else [4096 * x[at], -4096 * x[at]]  # past the -1e4 that some masks add
    for token in (made_up, x[before], x[first], *huge):
        other = copy.deepcopy(x)
        other[at] = token
        yield other


def _stale(start):
    if start == 0:
        return "an empty cache already changes the result"
    return "look for places that start again at 0, a mask that forgets the cached keys, or k for v"
