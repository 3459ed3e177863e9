"""What all checks of the museum need: numbers drawn anew, and answers of the right kind."""

import torch

from ..verdict import by_hand, expect


def drawn(*shapes, seed=0):
    """Random tensors in double precision, one for each shape."""
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(s, generator=generator, dtype=torch.float64) for s in shapes]


def made(answer, *inputs, shape):
    """What the answer makes by hand of the inputs: a tensor of this shape."""
    mine = by_hand(answer, *inputs)
    expect(isinstance(mine, torch.Tensor), "it should give a tensor.")
    got = tuple(mine.shape)
    expect(got == tuple(shape), f"the shape is {tuple(shape)}, got {got}.")
    return mine


def close(a, b):
    """Whether two tensors of one shape have the same numbers, in whatever precision."""
    return torch.allclose(a.double(), b.double(), rtol=0, atol=1e-9)
