"""What a Transformer costs by formula, from plain sizes.

Biases are counted wherever the published models have them. A multiply-add is one product added
to a sum; softmax, norms and sums of vectors are left out, as they are in all such counts.
"""

import functools
import inspect
from collections.abc import Callable
from typing import TypeVar, cast

from ..validate.numbers import whole_number

Formula = TypeVar("Formula", bound=Callable[..., int])


def _of_sizes(formula: Formula) -> Formula:
    """The formula, of whole numbers of at least 1: plain ints, so that no product overflows."""
    signature = inspect.signature(formula)

    def plain(name, x):
        optional = signature.parameters[name].default is None and x is None
        if optional or name == "bias":
            return x
        return whole_number(formula.__name__, name, x, least=1)

    @functools.wraps(formula)
    def checked(*sizes, **named):
        given = signature.bind(*sizes, **named).arguments
        return formula(**{name: plain(name, x) for name, x in given.items()})

    return cast(Formula, checked)


@_of_sizes
def linear_parameters(n_in: int, n_out: int, bias: bool = True) -> int:
    """One matrix, and one bias for each output."""
    return n_in * n_out + bias * n_out


@_of_sizes
def attention_parameters(
    d_model: int, n_heads: int, d_head: int | None = None, bias: bool = True
) -> int:
    """The four projections of multi-head attention; without `d_head` the heads share d_model.

    Shared, the number of heads does not matter: 1,050,624 at d_model = 512.
    Source: Vaswani et al. (2017), section 3.2.2.
    """
    width = n_heads * _head_width("attention_parameters", d_model, n_heads, d_head)
    inward = linear_parameters(d_model, width, bias)
    return 3 * inward + linear_parameters(width, d_model, bias)


@_of_sizes
def feed_forward_parameters(d_model: int, d_ff: int | None = None) -> int:
    """Two linear layers, four times as wide in between unless `d_ff` says otherwise."""
    d_ff = 4 * d_model if d_ff is None else d_ff
    return linear_parameters(d_model, d_ff) + linear_parameters(d_ff, d_model)


@_of_sizes
def block_parameters(d_model: int, n_heads: int, d_ff: int | None = None) -> int:
    """Attention, feed-forward, and the scale and shift of their two norms."""
    parts = attention_parameters(d_model, n_heads) + feed_forward_parameters(d_model, d_ff)
    return parts + 2 * 2 * d_model


@_of_sizes
def gpt_parameters(
    vocab_size: int,
    max_len: int,
    d_model: int,
    n_heads: int,
    n_layers: int,
    d_ff: int | None = None,
) -> int:
    """GPT-2: token and position tables, blocks, a last norm; the output reuses the token table.

    124,439,808 for GPT-2 small: (50257, 1024, 768, 12, 12).
    Source: Radford et al. (2019), table 2, which says 117 M.
    """
    tables = (vocab_size + max_len) * d_model
    return tables + n_layers * block_parameters(d_model, n_heads, d_ff) + 2 * d_model


@_of_sizes
def bert_parameters(
    vocab_size: int,
    max_len: int,
    d_model: int,
    n_heads: int,
    n_layers: int,
    d_ff: int | None = None,
    n_segments: int = 2,
) -> int:
    """BERT: three tables and their norm, blocks, and the pooler that reads the first token.

    109,482,240 for BERT base: (30522, 512, 768, 12, 12).
    Source: Devlin et al. (2019), section 3, which says 110 M.
    """
    tables = (vocab_size + max_len + n_segments) * d_model + 2 * d_model
    blocks = n_layers * block_parameters(d_model, n_heads, d_ff)
    return tables + blocks + linear_parameters(d_model, d_model)


@_of_sizes
def attention_macs(n_queries: int, n_keys: int, width: int) -> int:
    """The two products q @ k.T and weights @ v, of all heads together `width` features wide."""
    return 2 * n_queries * n_keys * width


@_of_sizes
def head_macs(n_queries: int, n_keys: int, d_head: int) -> int:
    """One head that reads and writes `d_head` features: q, k and v of the new tokens, attention."""
    return 3 * n_queries * d_head**2 + attention_macs(n_queries, n_keys, d_head)


@_of_sizes
def generation_macs(n_tokens: int, d_head: int) -> int:
    """One head that writes `n_tokens` one by one and computes all earlier ones anew each time."""
    return sum(head_macs(t, t, d_head) for t in range(1, n_tokens + 1))


@_of_sizes
def cached_generation_macs(n_tokens: int, d_head: int) -> int:
    """The same head with a cache: 640 times fewer at 1,000 tokens of 64 features."""
    return sum(head_macs(1, t, d_head) for t in range(1, n_tokens + 1))


@_of_sizes
def block_macs(n_queries: int, n_keys: int, d_model: int, d_ff: int | None = None) -> int:
    """One block for the new tokens: four projections, attention over all keys, feed-forward."""
    d_ff = 4 * d_model if d_ff is None else d_ff
    per_token = 4 * d_model**2 + 2 * d_model * d_ff
    return n_queries * per_token + attention_macs(n_queries, n_keys, d_model)


@_of_sizes
def gpt_macs(
    n_queries: int,
    n_keys: int,
    vocab_size: int,
    d_model: int,
    n_layers: int,
    d_ff: int | None = None,
) -> int:
    """All blocks and the logits of the new tokens; with a cache, n_keys exceeds n_queries."""
    logits = n_queries * d_model * vocab_size
    return n_layers * block_macs(n_queries, n_keys, d_model, d_ff) + logits


@_of_sizes
def cache_bytes(n_tokens: int, d_model: int, n_layers: int, number_bytes: int = 2) -> int:
    """Keys and values of all tokens in all layers: 36 MiB for GPT-2 small, full, in float16."""
    return 2 * n_tokens * d_model * n_layers * number_bytes


@_of_sizes
def weights_bytes(n_queries: int, n_keys: int, n_heads: int, number_bytes: int = 4) -> int:
    """The attention weights of one layer, one map for each head."""
    return n_queries * n_keys * n_heads * number_bytes


def _head_width(function, d_model, n_heads, d_head):
    if d_head is not None:
        return d_head
    if d_model % n_heads:
        raise ValueError(f"{function}: n_heads must divide d_model, got {n_heads} and {d_model}")
    return d_model // n_heads
