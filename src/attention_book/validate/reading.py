"""What is asked of attention patterns that are scored, and of heads that are taken away."""

import torch

from .numbers import instance, refuse, whole_number


def patterns(function, weights, ids=None):
    instance(function, "weights", weights, torch.Tensor)
    shape = tuple(weights.shape)
    if len(shape) != 4 or shape[2] != shape[3] or shape[2] < 2:
        refuse(function, "weights", "be (B, H, T, T) with at least two tokens", shape)
    if ids is None:
        return
    instance(function, "ids", ids, torch.Tensor)
    if tuple(ids.shape) != (shape[0], shape[2]):
        wanted = f"be (B, T) = {(shape[0], shape[2])}, as the weights are"
        refuse(function, "ids", wanted, tuple(ids.shape))
    if all(len(row.unique()) == len(row) for row in ids):
        refuse(function, "ids", "hold a token that comes twice in a text", "none")


def ablated(layers, heads, way):
    if not callable(way):
        wanted = "be a function of a head's output"
        refuse("ablated", "way", wanted, type(way).__name__, kind=TypeError)
    if not layers:
        raise ValueError("ablated: the model has no MultiHeadAttention, so it has no heads")
    for i, pair in enumerate(heads):
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            refuse("ablated", f"heads[{i}]", "be a pair (layer, head)", repr(pair), kind=TypeError)
        layer = whole_number("ablated", f"the layer of heads[{i}]", pair[0], most=len(layers) - 1)
        most = layers[layer].n_heads - 1
        whole_number("ablated", f"the head of heads[{i}]", pair[1], most=most)


def stand_in(new, old):
    """Return what a way made of a head's output, if it can stand for it."""
    instance("ablated", "what way returns", new, torch.Tensor)
    if (new.shape, new.dtype) != (old.shape, old.dtype):
        got = f"{new.dtype} of shape {tuple(new.shape)}"
        refuse("ablated", "what way returns", f"be {old.dtype} of {tuple(old.shape)}", got)
    return new
