"""Single numbers, names and flags; each check of a number returns what the number means."""

import math
import operator
import reprlib
from numbers import Real


def refuse(function, name, wanted, got, fix="", kind=ValueError):
    """The one form of an error: who, what, what was expected, what came, and what to write."""
    raise kind(f"{function}: {name} must {wanted}, got {got}{fix and f'; {fix}'}")


def shown(x):
    """What an error says of a value: never all of a tensor."""
    if getattr(x, "ndim", 0):
        return f"a {type(x).__name__} of shape {tuple(x.shape)}"
    return f"{reprlib.repr(x)} ({type(x).__name__})"


def whole_number(function, name, x, least=0, most=math.inf):
    """The int that x is, also one of NumPy's or a tensor of one number."""
    try:
        number = None if _truth(x) else operator.index(x)
    except (TypeError, RuntimeError):
        number = None
    if number is None:
        refuse(function, name, "be an int", shown(x), kind=TypeError)
    if not least <= number <= most:
        limit = f"at least {least}" if number < least else f"at most {most}"
        refuse(function, name, f"be {limit}", number)
    return number


def real_number(function, name, x, wanted, good):
    """The float that x is, if it is as good as wanted."""
    number = x.item() if getattr(x, "ndim", None) == 0 else x
    if not isinstance(number, Real) or _truth(number):
        refuse(function, name, "be a number", shown(x), kind=TypeError)
    if not good(number):
        refuse(function, name, f"be {wanted}", number)
    return float(number)


def _truth(x):
    return isinstance(x, bool) or str(getattr(x, "dtype", "")).endswith("bool")


def probability(function, name, p):
    return real_number(function, name, p, "at least 0 and less than 1", lambda p: 0 <= p < 1)


def positive(function, name, x):
    return real_number(function, name, x, "positive and finite", lambda x: 0 < x < math.inf)


def even(function, name, x):
    """A width of pairs."""
    number = whole_number(function, name, x, least=2)
    if number % 2:
        refuse(function, name, "be even, as rotary positions turn pairs of features", number)
    return number


def flag(function, name, x):
    if not isinstance(x, bool):
        refuse(function, name, "be True or False", shown(x), kind=TypeError)


def instance(function, name, x, kind):
    if not isinstance(x, kind):
        refuse(function, name, f"be a {kind.__name__}", type(x).__name__, kind=TypeError)


def one_of(function, name, choice, choices):
    if not isinstance(choice, str) or choice not in choices:
        refuse(function, name, f"be one of {', '.join(choices)}", shown(choice))


def heads(function, d_model, n_heads):
    if rest := d_model % n_heads:
        raise ValueError(
            f"{function}: the heads share d_model equally, but d_model is {d_model} and n_heads is "
            f"{n_heads}; the remainder is {rest}"
        )


def groups(function, n_heads, n_kv_heads):
    if n_heads % n_kv_heads:
        wanted = f"divide n_heads, {n_heads}, so that each head of keys serves as many queries"
        refuse(function, "n_kv_heads", wanted, n_kv_heads)


def window_size(function, name, x):
    """How many tokens back a view goes; None for all."""
    return None if x is None else whole_number(function, name, x)


def window(function, window, causal):
    if not causal:
        write = "pass causal=True"
        refuse(function, f"a window of {window}", "look back only", f"causal = {causal}", write)


def causal_sizes(function, n_queries, n_keys):
    n_queries = whole_number(function, "n_queries", n_queries)
    n_keys = n_queries if n_keys is None else whole_number(function, "n_keys", n_keys)
    if n_queries > n_keys:
        raise ValueError(
            f"{function}: the queries are the last of the keys, but n_queries is {n_queries} "
            f"and n_keys is {n_keys}; the first {n_queries - n_keys} would see nothing"
        )
    return n_queries, n_keys
