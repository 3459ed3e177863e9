"""Single numbers, names and flags; each check of a number returns what the number means."""

import math
import operator
import reprlib
from numbers import Real


def shown(x):
    """What an error says of a value: never all of a tensor."""
    if getattr(x, "ndim", 0):
        return f"a {type(x).__name__} of shape {tuple(x.shape)}"
    return f"{reprlib.repr(x)} ({type(x).__name__})"


def whole_number(function, name, x, least=0, most=None):
    """The int that x is, also one of NumPy's or a tensor of one number."""
    try:
        number = operator.index(x)
    except (TypeError, RuntimeError):
        number = None
    if number is None or _truth(x):
        raise TypeError(f"{function}: {name} must be an int, got {shown(x)}")
    if number < least:
        raise ValueError(f"{function}: {name} must be at least {least}, got {number}")
    if most is not None and number > most:
        raise ValueError(f"{function}: {name} must be at most {most}, got {number}")
    return number


def real_number(function, name, x):
    number = x.item() if getattr(x, "ndim", None) == 0 else x
    if not isinstance(number, Real) or _truth(number):
        raise TypeError(f"{function}: {name} must be a number, got {shown(x)}")
    return float(number)


def _truth(x):
    return isinstance(x, bool) or str(getattr(x, "dtype", "")).endswith("bool")


def probability(function, name, p):
    number = real_number(function, name, p)
    if not 0 <= number < 1:
        raise ValueError(f"{function}: {name} must be at least 0 and less than 1, got {number}")
    return number


def positive(function, name, x):
    number = real_number(function, name, x)
    if not 0 < number < math.inf:
        raise ValueError(f"{function}: {name} must be positive and finite, got {number}")
    return number


def flag(function, name, x):
    if not isinstance(x, bool):
        raise TypeError(f"{function}: {name} must be True or False, got {shown(x)}")


def instance(function, name, x, kind):
    if not isinstance(x, kind):
        raise TypeError(f"{function}: {name} must be a {kind.__name__}, got {type(x).__name__}")


def one_of(function, name, choice, choices):
    if not isinstance(choice, str) or choice not in choices:
        raise ValueError(
            f"{function}: {name} must be one of {', '.join(choices)}, got {shown(choice)}"
        )


def heads(function, d_model, n_heads):
    if d_model % n_heads:
        raise ValueError(
            f"{function}: the heads share d_model equally, but d_model is {d_model} and n_heads is "
            f"{n_heads}; the remainder is {d_model % n_heads}"
        )


def multi_head_sizes(d_model, n_heads, d_k, d_v, bias, dropout):
    """Return the sizes, with the default for the widths that are not given."""
    function = "MultiHeadAttention"
    d_model = whole_number(function, "d_model", d_model, least=1)
    n_heads = whole_number(function, "n_heads", n_heads, least=1)
    if d_k is None or d_v is None:
        heads(function, d_model, n_heads)
    d_k, d_v = (d_model // n_heads if d is None else d for d in (d_k, d_v))
    flag(function, "bias", bias)
    probability(function, "dropout", dropout)
    d_k, d_v = (whole_number(function, *size, least=1) for size in (("d_k", d_k), ("d_v", d_v)))
    return d_model, n_heads, d_k, d_v


def causal_sizes(function, n_queries, n_keys):
    n_queries = whole_number(function, "n_queries", n_queries)
    n_keys = n_queries if n_keys is None else whole_number(function, "n_keys", n_keys)
    if n_queries > n_keys:
        raise ValueError(
            f"{function}: the queries are the last of the keys, but n_queries is {n_queries} "
            f"and n_keys is {n_keys}; the first {n_queries - n_keys} would see nothing"
        )
    return n_queries, n_keys
