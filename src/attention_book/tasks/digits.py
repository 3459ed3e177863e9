"""Handwritten digits: 1,797 pictures of 8 by 8 pixels, and ways to spoil them.

Pictures are (n, 1, 8, 8) with values from 0, paper, to 1, ink. The file `digits.npz` beside this
one holds the test part of *Optical Recognition of Handwritten Digits* (Alpaydin and Kaynak, 1998;
UCI repository, license CC BY 4.0), as scikit-learn 1.9.1 ships it: labels, and pixels from 0 to
16. Thirteen people wrote them; the data do not say who wrote which, so each of them has digits on
both sides of a split.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from ..models.vision import patches
from ..tokens import Words
from .task import Task, generator

FILE = Path(__file__).with_name("digits.npz")
SHA256 = "b2dab7b501728c22e9119ad76740b2e17c77a231e42d1e592380d90886f1a05e"
HELD_OUT = 450


@dataclass(frozen=True, kw_only=True)
class Digits(Task):
    """A task whose examples are those of one split, drawn evenly, any of them more than once."""

    seed: int

    def examples(self, n, rng, keep):
        return _rows(split(self.seed)[keep], n, rng)


def task(seed: int = 0) -> Digits:
    """Name the digit; the rule to beat names the one that is nearest, pixel by pixel."""
    (images, labels), _ = split(seed)

    def guess(pictures):
        return labels[torch.cdist(pictures.flatten(1), images.flatten(1)).argmin(1)]

    def draw(n, rng):
        return _rows((images, labels), n, rng)

    words = Words([str(n) for n in range(10)])
    return Digits(tokens=words, draw=draw, pose=_posed, guess=guess, seed=seed)


def split(seed: int) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """(images, labels) of 1,347 digits to learn from, and of the other 450, drawn by the seed."""
    order = torch.from_numpy(generator("digits.split", seed).permutation(1797))
    images, labels = (x[order] for x in _all())
    return (images[HELD_OUT:], labels[HELD_OUT:]), (images[:HELD_OUT], labels[:HELD_OUT])


def joined(pieces: Float[Tensor, "B N pixels"], size: int) -> Float[Tensor, "B 1 height width"]:
    """Square images of their patches: `patches` undone."""
    side = round(pieces.shape[1] ** 0.5)
    return torch.nn.functional.fold(pieces.mT, side * size, size, stride=size)


def shuffled(
    images: Float[Tensor, "B 1 height width"],
    size: int,
    rng: int | np.random.Generator,
    *,
    alike: bool,
) -> Float[Tensor, "B 1 height width"]:
    """The patches of each image in an order of its own, or all images in one order, if `alike`."""
    drawn, pieces = generator("digits.shuffled", rng), patches(images, size)
    places = np.tile(np.arange(pieces.shape[1]), (1 if alike else len(images), 1))
    order = torch.from_numpy(drawn.permuted(places, axis=1)).expand(len(images), -1)
    return joined(pieces.gather(1, order[..., None].expand_as(pieces)), size)


def with_odd_patch(
    images: Float[Tensor, "B 1 height width"], size: int, rng: int | np.random.Generator
) -> tuple[Float[Tensor, "B 1 height width"], Int[Tensor, " B"]]:
    """Each image with one patch from another, at the same place, and which patch that is.

    The two patches differ by at least half of their pixels' range, summed over a patch of four.
    """
    drawn, pieces = generator("digits.with_odd_patch", rng), patches(images, size)
    least, places = size**2 / 2, torch.full((len(images),), -1)
    changed = pieces.clone()
    while (left := (places < 0).nonzero()[:, 0]).numel():
        others = torch.from_numpy(drawn.integers(len(images), size=len(left)))
        where = torch.from_numpy(drawn.integers(pieces.shape[1], size=len(left)))
        new = pieces[others, where]
        fits = (new - pieces[left, where]).abs().sum(1) >= least
        changed[left[fits], where[fits]] = new[fits]
        places[left[fits]] = where[fits]
    return joined(changed, size), places


def _rows(part, n, rng):
    images, labels = part
    rows = torch.cat(((16 * images).flatten(1).long(), labels[:, None]), dim=1).numpy()
    return rows[rng.integers(len(rows), size=n)]


def _posed(rows, rng):
    return (rows[:, :64].reshape(-1, 1, 8, 8) / 16).astype(np.float32), rows[:, 64]


def with_hidden_patch(
    images: Float[Tensor, "B 1 height width"], size: int, rng: int | np.random.Generator
) -> tuple[Float[Tensor, "B 1 height width"], tuple[Int[Tensor, " B"], Float[Tensor, "B pixels"]]]:
    """Each image with one patch set to -1, which is no shade; which patch, and what stood there."""
    drawn, pieces = generator("digits.with_hidden_patch", rng), patches(images, size).clone()
    every = torch.arange(len(pieces))
    places = torch.from_numpy(drawn.integers(pieces.shape[1], size=len(pieces)))
    pixels = pieces[every, places]
    pieces[every, places] = -1
    return joined(pieces, size), (places, pixels)


def without(
    images: Float[Tensor, "B 1 height width"], size: int, places: Int[Tensor, "B n"]
) -> Float[Tensor, "B 1 height width"]:
    """Each image with these of its patches white."""
    pieces = patches(images, size)
    return joined(pieces.scatter(1, places[..., None].expand(-1, -1, size**2), 0), size)


def nearest_patches(
    images: Float[Tensor, "B 1 height width"], known: Float[Tensor, "K 1 height width"], size: int
) -> Float[Tensor, "B N pixels"]:
    """In place of each patch that of the known image which is nearest in all the other patches."""
    mine, theirs = patches(images, size), patches(known, size)
    apart = [torch.cdist(mine[:, j], theirs[:, j]).square() for j in range(mine.shape[1])]
    nearest = [(sum(apart) - own).argmin(1) for own in apart]
    return torch.stack([theirs[rows, j] for j, rows in enumerate(nearest)], dim=1)


@cache
def _all():
    data = FILE.read_bytes()
    if sha256(data).hexdigest() != SHA256:
        raise ValueError("digits.npz was altered: take the file from the repository again")
    with np.load(BytesIO(data)) as file:
        images = torch.from_numpy(file["images"].astype(np.float32) / 16)[:, None]
        return images, torch.from_numpy(file["labels"].astype(np.int64))
