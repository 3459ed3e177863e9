"""Whether arrays can be sounds."""

import numpy as np

from .numbers import refuse


def samples(function, x, least, axes=None):
    """The samples as float64: finite numbers, at least so many in a row."""
    try:
        x = np.asarray(x, dtype=np.float64)
    except (TypeError, ValueError):
        refuse(function, "samples", "be numbers in an array", type(x).__name__)
    if x.ndim < 1 or (axes is not None and x.ndim != axes):
        refuse(function, "samples", f"have {axes or 'at least 1'} axes", f"shape {x.shape}")
    if x.shape[-1] < least:
        refuse(function, "samples", f"be at least {least} in a row", x.shape[-1])
    if not np.isfinite(x).all():
        refuse(function, "samples", "be finite", "NaN or an infinite one")
    return x


def spoken(function, vowels, lengths, count):
    """Places of vowels and their lengths: whole numbers of one shape (B, S)."""
    vowels, lengths = np.asarray(vowels), np.asarray(lengths)
    for name, x, most in (("vowels", vowels, count - 1), ("lengths", lengths, 80_000)):
        if x.ndim != 2 or x.shape != vowels.shape or not x.size:
            refuse(function, name, "have one shape (B, S), not empty", f"shape {x.shape}")
        if x.dtype.kind not in "iu" or x.min() < 0 or x.max() > most:
            refuse(function, name, f"be whole numbers from 0 to {most}", f"{x.dtype} {x}")
    return vowels, lengths
