"""Causal linear attention: over all pairs, token by token, and in chunks."""

import torch
from jaxtyping import Float
from torch import Tensor

from .. import validate
from .state import empty, joined, pieces, wide

State = tuple[Tensor, Tensor]


def positive(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    r"""The feature map $\varphi(x) = \mathrm{elu}(x) + 1$: every number, made positive.

    Source: Katharopoulos et al. (2020), section 3.2.
    """
    return torch.where(x > 0, x + 1, x.clamp(max=0).exp())


def linear_parallel(
    q: Float[Tensor, "*batch T D"], k: Float[Tensor, "*batch T D"], v: Float[Tensor, "*batch T Dv"]
) -> Float[Tensor, "*batch T Dv"]:
    r"""Causal linear attention with a weight for each pair of tokens.

    $o_t = \sum_{j \le t} \varphi(q_t)\cdot\varphi(k_j)\, v_j \big/ \sum_{j \le t}
    \varphi(q_t)\cdot\varphi(k_j)$ with $\varphi$ = `positive`. Half precision is computed in
    float32. ValueError or TypeError names the argument.
    Source: Katharopoulos et al. (2020), section 3.3.
    """
    validate.same_tokens("linear_parallel", q=q, k=k, v=v)
    q, k, values = wide(q, k, v)
    weights = (positive(q) @ positive(k).mT).tril()
    return _shares(weights @ values, weights.sum(-1, keepdim=True)).to(v.dtype)


def linear_recurrent(
    q: Float[Tensor, "*batch T D"],
    k: Float[Tensor, "*batch T D"],
    v: Float[Tensor, "*batch T Dv"],
    state: State | None = None,
) -> tuple[Float[Tensor, "*batch T Dv"], State]:
    """`linear_parallel` token by token, as a recurrent network: the outputs and the state after.

    The state is a memory (..., D, Dv) and a sum of keys (..., D, 1), in float32 at least; it
    continues a text, and is not changed. Source: Katharopoulos et al. (2020), section 3.4.
    """
    validate.same_tokens("linear_recurrent", q=q, k=k, v=v)
    memory, total = _state("linear_recurrent", k, v, state)
    outputs = []
    for query, key, value in pieces(1, *wide(q, k, v)):
        query, key = positive(query), positive(key)
        memory, total = memory + key.mT @ value, total + key.mT.sum(-1, keepdim=True)
        outputs.append(_shares(query @ memory, query @ total))
    return joined(outputs, v), (memory, total)


def linear_chunked(
    q: Float[Tensor, "*batch T D"],
    k: Float[Tensor, "*batch T D"],
    v: Float[Tensor, "*batch T Dv"],
    state: State | None = None,
    *,
    size: int = 64,
) -> tuple[Float[Tensor, "*batch T Dv"], State]:
    """`linear_recurrent`, `size` tokens at a time: pairs within a chunk, the memory before it."""
    validate.same_tokens("linear_chunked", q=q, k=k, v=v)
    size = validate.whole_number("linear_chunked", "size", size, least=1)
    memory, total = _state("linear_chunked", k, v, state)
    outputs = []
    for query, key, value in pieces(size, *wide(q, k, v)):
        query, key = positive(query), positive(key)
        weights = (query @ key.mT).tril()
        sums = query @ total + weights.sum(-1, keepdim=True)
        outputs.append(_shares(query @ memory + weights @ value, sums))
        memory, total = memory + key.mT @ value, total + key.mT.sum(-1, keepdim=True)
    return joined(outputs, v), (memory, total)


def _shares(mixed, sums):
    """Where all weights are too small for a number, the output is 0 and not 0/0."""
    return mixed / (sums + (sums == 0))


def _state(function, k, v, state):
    if state is None:
        k, v = wide(k, v)
        return empty(k, v), empty(k, k[..., :1])
    return validate.kept_sums(function, state, k, v)
