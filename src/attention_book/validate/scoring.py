"""Texts whose likelihood is asked for."""

from .numbers import instance, refuse, whole_number
from .tensors import INTS, tensor


def scored(function, model, kind, x):
    """A model of this kind, and ids in rows of at least two tokens."""
    instance(function, "model", model, kind)
    tensor(function, "ids", x, INTS, ("batch", "tokens"))
    if x.shape[1] < 2:
        refuse(function, "ids", "have at least two tokens, of which the first is only read", 1)


def mask_token(function, token, vocab_size):
    """The id of the token behind which words are hidden."""
    return whole_number(function, "mask_token", token, most=vocab_size - 1)
