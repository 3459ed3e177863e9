"""How far a point lies from all mixtures of some corners."""

import numpy as np

SMALL = 1e-13  # below it, a number is the rounding of 0


def gap(point, corners, scale=1.0):
    """How many times `scale` a point (D,) lies from the convex hull of the corners (n, D).

    Both get a further coordinate, `scale`, so that shares which come close to the point sum to 1.
    Infinite where a number is not finite.
    """
    if not (np.isfinite(point).all() and np.isfinite(corners).all()):
        return np.inf
    columns = np.vstack([corners.T / scale, np.ones(len(corners))])
    point = np.append(point / scale, 1.0)
    return np.linalg.norm(columns @ nearest(columns, point) - point)


def nearest(columns, point):
    """The shares, none negative, with which the columns (D, n) come closest to the point (D,).

    Source: Lawson and Hanson (1974), *Solving Least Squares Problems*, chapter 23.
    """
    shares = np.zeros(columns.shape[1])
    used = np.zeros(len(shares), bool)
    for _ in range(3 * len(shares)):
        pull = np.where(used, 0.0, columns.T @ (point - columns @ shares))
        if pull.max() <= SMALL:
            break
        used[pull.argmax()] = True
        shares = _positive(columns, point, shares, used)
    return shares


def _positive(columns, point, shares, used):
    """The best shares of the used columns; those that would fall below 0 leave one by one."""
    while True:
        best = np.zeros(len(shares))
        best[used] = np.linalg.lstsq(columns[:, used], point, rcond=None)[0]
        falling = used & (best <= SMALL)
        if not falling.any():
            return best
        part = (shares[falling] / (shares[falling] - best[falling]).clip(SMALL)).min()
        shares = shares + part * (best - shares)
        used &= shares > SMALL
