"""Whether two pictures are the same, or alike enough to be drawn from two runs of one training.

Numbers of a forward pass differ from one processor to the next in their last bits, and a color by
one step of 256. Training makes more of it: a curve strays by a hair, dots of a dotted line move on.
"""

from base64 import b64decode
from io import BytesIO

import numpy as np
from matplotlib.image import imread
from scipy.ndimage import maximum_filter, minimum_filter

COLOR = 4 / 255
REACH = 2  # pixels
LONELY = 0.015  # of the pixels that are not background; less than one curve of several


def same(one: str, other: str) -> bool:
    """Whether each pixel has the color that it has in the other picture."""
    return _unlike(one, other, reach=0) == 0


def alike(one: str, other: str) -> bool:
    """Whether nearly each pixel has a color between those near its place in the other picture."""
    return _unlike(one, other, REACH) <= LONELY


def _unlike(one: str, other: str, reach: int) -> float:
    """The larger share, of the two pictures' ink, that has nothing like it in the other one."""
    a, b = (imread(BytesIO(b64decode(picture))) for picture in (one, other))
    return max(_lonely(a, b, reach), _lonely(b, a, reach)) if a.shape == b.shape else 1.0


def _lonely(picture: np.ndarray, other: np.ndarray, reach: int) -> float:
    near = (2 * reach + 1, 2 * reach + 1, 1)
    too_dark = picture < minimum_filter(other, near) - COLOR
    too_light = picture > maximum_filter(other, near) + COLOR
    ink = np.abs(picture - picture[0, 0]).max(axis=-1) > COLOR
    return (too_dark | too_light).any(axis=-1).sum() / max(ink.sum(), 1)
