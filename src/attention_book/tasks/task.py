"""What every task is: examples, the question made of each, and a simple rule to beat.

All chance comes from NumPy generators, whose numbers are the same on every machine. One example
in ten is held out, and its own content decides: no example can ever be on both sides.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.utils._pytree import tree_leaves, tree_map

from ..tokens import Words
from ..validate.numbers import whole_number

IGNORED = -100


@dataclass(frozen=True, kw_only=True)
class Task:
    """Questions with answers, by the thousand.

    `draw(n, rng)` gives examples, one row of ids each. `pose(examples, rng)` makes of them the
    inputs, one array or, for a model of several arguments, a tuple or a dict of them, and the
    targets: for each place the id to predict, or -100 where nothing is asked. Inputs are ids, masks
    or, in float32, pictures. `guess(inputs)` answers by a rule too simple to need a model.
    """

    tokens: Words
    draw: Callable
    pose: Callable
    guess: Callable

    def train(self, n, rng):
        """n examples to learn from, as (inputs, targets); rng is a NumPy generator or a seed."""
        return self._sample("train", n, rng, keep=False)

    def held_out(self, n, rng):
        """n examples that `train` never gives."""
        return self._sample("held_out", n, rng, keep=True)

    def batches(self, size, rng) -> Iterator:
        """`train`, without end."""
        size = whole_number("batches", "size", size, least=1)
        rng = generator("batches", rng)
        return (self.train(size, rng) for _ in count())

    def baseline(self, n=2000, rng=0):
        """The share of held-out answers that the simple rule gets right."""
        inputs, targets = self.held_out(n, rng)
        return share_right(self.guess(inputs), targets)

    def _sample(self, function, n, rng, keep):
        n = whole_number(function, "n", n, least=1)
        rng = generator(function, rng)
        inputs, targets = self.pose(self.examples(n, rng, keep), rng)
        return tree_map(_tensor, inputs), _tensor(targets)

    def examples(self, n, rng, keep):
        """n rows of ids as drawn: the held-out ones if `keep`, else the ones to train on."""
        found = []
        for _ in range(200):
            found += [row for row in self.draw(n, rng) if is_held_out(row) == keep]
            if len(found) >= n:
                return np.stack(found[:n])
        raise ValueError(f"hardly any example is {'held out' if keep else 'left to train on'}")


def is_held_out(example):
    """Whether this row of ids belongs to the one tenth that no model learns from."""
    content = np.ascontiguousarray(example, dtype="<i8").tobytes()
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "little") % 10 == 0


def accuracy(logits: Float[Tensor, "*places V"], targets: Int[Tensor, "*places"]) -> float:
    """The share of the answers asked for to which the logits give the highest score.

    Shapes: logits (..., V), targets int (...), -100 where nothing is asked.
    """
    if logits.shape[:-1] != targets.shape:
        raise ValueError(
            f"accuracy: logits {tuple(logits.shape)} must be targets {tuple(targets.shape)} "
            f"and one axis for the vocabulary"
        )
    return share_right(logits.argmax(-1), targets)


def share_right(answers, targets):
    asked = targets != IGNORED
    if not asked.any():
        raise ValueError("accuracy: no target asks for anything, so no share is right or wrong")
    return (answers == targets)[asked].double().mean().item()


def most_common(targets):
    """The rule that gives, at each place, the answer seen there most often."""
    columns = targets.reshape(len(targets), -1).T
    answers = [np.bincount(column[column != IGNORED], minlength=1).argmax() for column in columns]
    answers = np.reshape(answers, targets.shape[1:])

    def rule(inputs):
        return torch.from_numpy(answers).expand(len(tree_leaves(inputs)[0]), *answers.shape)

    return rule


def _tensor(array):
    tensor = torch.from_numpy(array)
    return tensor if tensor.dtype in (torch.bool, torch.float32) else tensor.long()


def generator(function, rng):
    if isinstance(rng, np.random.Generator):
        return rng
    seed = whole_number(function, "rng, unless it is a numpy.random.Generator,", rng)
    return np.random.default_rng(seed)
