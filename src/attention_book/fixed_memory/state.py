"""What the functions of this folder share: a first memory, pieces of a text, and their joining."""

import torch


def wide(*tensors):
    """In float32 at least: a sum over a long text is too much for half precision."""
    return [x.to(torch.promote_types(x.dtype, torch.float32)) for x in tensors]


def empty(k, v):
    """A memory in which nothing is written: (..., D, Dv)."""
    return k.new_zeros(*k.shape[:-2], k.shape[-1], v.shape[-1])


def pieces(size, *tensors):
    """The tensors cut along their tokens, at every `size`."""
    cut = zip(*(x.split(size, dim=-2) for x in tensors), strict=True)
    return cut if tensors[0].shape[-2] else ()


def joined(outputs, like):
    """The pieces as one text; no tokens have no outputs."""
    return torch.cat(outputs, dim=-2).to(like.dtype) if outputs else like.clone()
