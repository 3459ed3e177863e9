"""Weights as whole percents that say what they are: rounded, small, zero or masked."""

import numpy as np

from . import inputs

MASKED, ZERO, SMALL = -2, -1, 0
SAID = {MASKED: "masked", ZERO: "0", SMALL: "<1"}


def weights_of(weights, where):
    """The weights as a float64 array; ValueError unless between 0 and 1."""
    array = inputs.array(weights, f"{where}: weights")
    if not ((array >= 0) & (array <= 1 + 1e-6)).all():
        raise ValueError(
            f"{where}: weights must lie between 0 and 1; apply softmax to scores first"
        )
    return array


def mask_of(mask, shape, where):
    """The mask as a bool array of this shape, all True without one; ValueError for another."""
    array = np.ones(shape, bool) if mask is None else np.asarray(inputs.plain(mask))
    if array.dtype != bool or array.shape != shape:
        raise ValueError(
            f"{where}: mask must be bool of shape {shape}, got {array.dtype} of {array.shape}"
        )
    return array


def percents(weights, mask=None):
    """Whole percents; 0 stands for more than nothing but below a half, -1 for nothing.

    Rounded to six decimals first, so that an exact half goes up on every machine.
    """
    whole = np.floor(np.round(100 * weights, 4) + 0.5).astype(int)
    whole[weights == 0] = ZERO
    return whole if mask is None else np.where(mask, whole, MASKED)


def said(percent):
    """The percent as text: "<1" where rounding would call something nothing."""
    return SAID.get(int(percent), str(percent))


def totals(matrix):
    """What the rows of percents add up to as shown: "100", or "99 to 101" after rounding."""
    sums = np.maximum(matrix, 0).sum(axis=-1)
    return " to ".join(str(n) for n in sorted({sums.min(), sums.max()}))


def softmax(scores, seen=None):
    """Softmax over what each row sees, or all of it; a row that sees nothing has no shares."""
    seen = np.ones(np.shape(scores), bool) if seen is None else seen
    most = np.max(scores, axis=-1, keepdims=True, where=seen, initial=np.min(scores))
    powers = np.exp(np.where(seen, scores - most, -np.inf))
    total = powers.sum(axis=-1, keepdims=True)
    return powers / np.where(total == 0, 1, total)
