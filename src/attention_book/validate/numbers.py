"""Single numbers, names and flags."""

import math

import torch

FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def whole_number(function, name, size, least=0, most=None):
    if isinstance(size, bool) or not isinstance(size, int):
        raise TypeError(f"{function}: {name} must be an int, got {size!r} ({type(size).__name__})")
    if size < least:
        raise ValueError(f"{function}: {name} must be at least {least}, got {size}")
    if most is not None and size > most:
        raise ValueError(f"{function}: {name} must be at most {most}, got {size}")


def even(function, name, size):
    if size % 2:
        raise ValueError(
            f"{function}: {name} must be even, one sine and one cosine each, got {size}"
        )


def real_number(function, name, x):
    if isinstance(x, bool) or not isinstance(x, (int, float)):
        raise TypeError(f"{function}: {name} must be a number, got {x!r} ({type(x).__name__})")


def probability(function, name, p):
    real_number(function, name, p)
    if not 0 <= p < 1:
        raise ValueError(f"{function}: {name} must be at least 0 and less than 1, got {p}")


def positive(function, name, x):
    real_number(function, name, x)
    if not 0 < x < math.inf:
        raise ValueError(f"{function}: {name} must be positive and finite, got {x}")


def flag(function, name, x):
    if not isinstance(x, bool):
        raise TypeError(f"{function}: {name} must be True or False, got {x!r}")


def instance(function, name, x, kind):
    if not isinstance(x, kind):
        raise TypeError(f"{function}: {name} must be a {kind.__name__}, got {type(x).__name__}")


def one_of(function, name, choice, choices):
    if choice not in choices:
        raise ValueError(f"{function}: {name} must be one of {', '.join(choices)}, got {choice!r}")


def heads(function, d_model, n_heads):
    if d_model % n_heads:
        raise ValueError(
            f"{function}: the heads share d_model equally, but d_model is {d_model} and n_heads is "
            f"{n_heads}; the remainder is {d_model % n_heads}"
        )


def multi_head_sizes(function, d_model, n_heads, d_k, d_v, bias, dropout):
    for name, size in {"d_model": d_model, "n_heads": n_heads}.items():
        whole_number(function, name, size, least=1)
    for name, size in {"d_k": d_k, "d_v": d_v}.items():
        if size is None:
            heads(function, d_model, n_heads)
        else:
            whole_number(function, name, size, least=1)
    flag(function, "bias", bias)
    probability(function, "dropout", dropout)


def layer_norm_sizes(function, d_model, eps, bias):
    whole_number(function, "d_model", d_model, least=1)
    positive(function, "eps", eps)
    flag(function, "bias", bias)


def feed_forward_sizes(function, d_model, d_ff, activation, bias, activations):
    for name, size in {"d_model": d_model, "d_ff": d_ff}.items():
        whole_number(function, name, size, least=1)
    one_of(function, "activation", activation, activations)
    flag(function, "bias", bias)


def sinusoidal(function, n, d_model, dtype):
    whole_number(function, "n", n)
    whole_number(function, "d_model", d_model, least=2)
    even(function, "d_model", d_model)
    if dtype is not None and dtype not in FLOATS:
        raise TypeError(f"{function}: dtype must be a real float type of torch, got {dtype!r}")


def causal_sizes(function, n_queries, n_keys):
    for name, size in {"n_queries": n_queries, "n_keys": n_keys}.items():
        whole_number(function, name, size)
    if n_queries > n_keys:
        raise ValueError(
            f"{function}: the queries are the last of the keys, but n_queries is {n_queries} "
            f"and n_keys is {n_keys}; the first {n_queries - n_keys} would see nothing"
        )
