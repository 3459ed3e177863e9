"""Checks of arrays: equal ones, weights, mixtures."""

import numpy as np

from .mixtures import gap


def same(a, b, tolerance=1e-12):
    """The arrays have one shape, and no two of their numbers differ by more than `tolerance`."""
    a, b = numbers(a), numbers(b)
    if a.shape != b.shape:
        raise AssertionError(f"shapes differ: {a.shape} against {b.shape}")
    with np.errstate(invalid="ignore"):  # equal infinities have no difference, and no gap
        gap = np.where(a == b, 0.0, np.abs(a - b))
    if not (gap <= tolerance).all():
        at = _worst(gap)
        raise AssertionError(
            f"{_cells(~(gap <= tolerance))} differ by more than {tolerance:g}; the largest gap is "
            f"at {_place(at)}: {a[at]:.6g} against {b[at]:.6g}"
        )


def rows_sum_to_one(weights, tolerance=1e-6):
    """Every row, the shares of one query, has no negative entry and sums to 1."""
    weights = numbers(weights)
    if (weights < -tolerance).any():
        at = _worst(np.nan_to_num(-weights))
        raise AssertionError(
            f"the weight at {_place(at)} is {weights[at]:.6g}, but a share of a whole is never "
            f"negative: these look like scores, so the softmax is missing"
        )
    wrong = ~(np.abs(weights.sum(-1) - 1) <= tolerance)
    if wrong.any():
        at = tuple(np.argwhere(wrong)[0])
        raise AssertionError(
            f"row {_place(at)} sums to {weights.sum(-1)[at]:.6g}, not 1: {_why(weights, tolerance)}"
        )


def inside_hull(output, values, tolerance=1e-6):
    """Every output is a mixture of the values: shares that are not negative and sum to 1 reach it.

    Shapes: output (Tq, Dv), values (Tk, Dv). The shares are found by non-negative least squares,
    and `tolerance` is relative to the largest number among the values.
    """
    output, values = numbers(output), numbers(values)
    if output.ndim != 2 or values.ndim != 2 or output.shape[1] != values.shape[1]:
        raise AssertionError(
            f"outputs must be as wide as the values they mix, got {output.shape} and {values.shape}"
        )
    scale = max(1.0, np.abs(values).max())
    for i, row in enumerate(output):
        off = gap(row, values, scale)
        if not off <= tolerance:
            raise AssertionError(
                f"row {i} is no mixture of the values (off by {off * scale:.3g}): either its "
                f"weights do not sum to 1, or something was applied after the values were mixed"
            )


def numbers(x):
    """The array or tensor as NumPy: integers as they are, everything else as float64."""
    if hasattr(x, "detach"):
        x = x.detach().cpu()
        x = x.double() if x.is_floating_point() else x
    x = np.asarray(x)
    return x if x.dtype.kind in "iu" else x.astype(np.float64)


def _worst(gap):
    return np.unravel_index(np.argmax(np.where(np.isnan(gap), np.inf, gap)), gap.shape)


def _place(index):
    return "[" + ", ".join(str(int(i)) for i in index) + "]"


def _cells(wrong):
    return f"{int(wrong.sum())} of {wrong.size} numbers"


def _why(weights, tolerance):
    if np.allclose(weights.sum(-2), 1, rtol=0, atol=tolerance):
        return "the columns do, so the softmax ran down the queries instead of across the keys"
    if (weights.sum(-1) <= 1 + tolerance).all():
        return "something was set to zero after the softmax, so the rest is no longer a whole"
    return "these are exponentials or scores that were never divided by their sum"
