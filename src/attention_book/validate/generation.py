"""What a model is to continue, and how the next token is chosen."""

import math

import torch

from .models import ids_of_texts
from .numbers import positive, real_number, whole_number
from .tensors import FLOATS, ids, integers


def generation(function, model, prompts, n, end, choose=None):
    """A model that continues texts, and prompts with room for n more tokens."""
    _continues(function, model)
    whole_number(function, "n", n)
    if end is not None:
        whole_number(function, "end", end, most=model.config.vocab_size - 1)
    if choose is not None and not callable(choose):
        raise TypeError(
            f"{function}: choose must be a function of logits, got {type(choose).__name__}"
        )
    longest = _prompts(function, model.embeddings.tokens.weight, prompts)
    if longest + n > model.config.max_len:
        raise ValueError(
            f"{function}: a prompt of {longest} tokens and {n} more do not fit into max_len, "
            f"{model.config.max_len}"
        )
    for name, x in _named(prompts):
        ids(function, name, x, model.config.vocab_size, "vocab_size")


def _continues(function, model):
    if not all(hasattr(model, name) for name in ("config", "embeddings", "hidden", "logits")):
        raise TypeError(
            f"{function}: model must be a GPT, got {type(model).__name__}; a Transformer needs its "
            f"source first: model.reading(source_ids)"
        )
    if hasattr(model, "encode"):
        raise TypeError(
            f"{function}: a Transformer needs its source first, write model.reading(source_ids)"
        )
    if model.training and model.config.dropout:
        raise ValueError(
            f"{function}: the model is training, so dropout would disturb it; write model.eval()"
        )


def _prompts(function, table, prompts):
    if isinstance(prompts, (list, tuple)):
        return _ragged(function, table, prompts)
    ids_of_texts(function, "ids", prompts, table)
    return prompts.shape[1]


def _ragged(function, table, prompts):
    if not prompts:
        raise ValueError(f"{function}: ids must hold at least one prompt, got an empty list")
    for name, x in _named(prompts):
        integers(function, name, x)
        if x.ndim != 1 or not len(x):
            raise ValueError(
                f"{function}: {name} must be (tokens,), at least one token, got shape "
                f"{tuple(x.shape)}"
            )
        if x.device != table.device:
            raise TypeError(f"{function}: {name} is on {x.device}, the model on {table.device}")
    return max(map(len, prompts))


def _named(prompts):
    if isinstance(prompts, torch.Tensor):
        return [("ids", prompts)]
    return [(f"ids[{row}]", x) for row, x in enumerate(prompts)]


def beams(function, model, prompts, n, width, end):
    integers(function, "ids", prompts)
    _continues(function, model)
    whole_number(function, "width", width, least=1, most=model.config.vocab_size)
    generation(function, model, prompts, n, end)


def logits(function, x):
    if not isinstance(x, torch.Tensor):
        raise TypeError(f"{function}: logits must be a torch.Tensor, got {type(x).__name__}")
    if x.dtype not in FLOATS:
        raise TypeError(f"{function}: logits must hold real floats, got {x.dtype}")
    if x.ndim != 2 or x.shape[1] == 0:
        raise ValueError(
            f"{function}: logits must be (batch, vocabulary), got shape {tuple(x.shape)}"
        )


def chosen(function, x, batch):
    """Return what `choose` chose, if it is one id for each row."""
    integers(function, "what choose returns", x)
    if x.shape != (batch,):
        raise ValueError(
            f"{function}: choose must return one id for each of the {batch} rows, got shape "
            f"{tuple(x.shape)}"
        )
    return x


def sampling(function, temperature, top_k, top_p, generator):
    real_number(function, "temperature", temperature)
    if not 0 <= temperature < math.inf:
        raise ValueError(
            f"{function}: temperature must be at least 0 (greedy) and finite, got {temperature}"
        )
    if top_k is not None:
        whole_number(function, "top_k", top_k, least=1)
    if top_p is not None:
        positive(function, "top_p", top_p)
        if top_p > 1:
            raise ValueError(f"{function}: top_p must be at most 1, all of them, got {top_p}")
    if generator is not None and not isinstance(generator, torch.Generator):
        raise TypeError(
            f"{function}: generator must be a torch.Generator, got {type(generator).__name__}; "
            f"write torch.Generator().manual_seed(0)"
        )
