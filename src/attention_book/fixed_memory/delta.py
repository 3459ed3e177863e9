"""The delta rule, with and without a gate: token by token, and by a triangular system."""

import torch
from jaxtyping import Float
from torch import Tensor

from .. import validate
from .state import empty, joined, pieces, wide

NOTHING = -1000  # its exponential is 0; two logarithms of 0 would have no difference


def gated_delta_recurrent(
    q: Float[Tensor, "*batch T D"],
    k: Float[Tensor, "*batch T D"],
    v: Float[Tensor, "*batch T Dv"],
    beta: Float[Tensor, "*batch T"],
    log_keep: Float[Tensor, "*batch T"],
    memory: Float[Tensor, "*batch D Dv"] | None = None,
) -> tuple[Float[Tensor, "*batch T Dv"], Float[Tensor, "*batch D Dv"]]:
    r"""Keep a share of the memory, correct what the key returns, read: the outputs, the memory.

    $S_t = a_t S_{t-1} + \beta_t\, k_t (v_t - a_t S_{t-1}^\top k_t)^\top$ and $o_t = S_t^\top q_t$
    with $a_t = e^{g_t}$, where g is `log_keep`, at most 0; -inf forgets all. Keys should have
    length 1 and beta lie between 0 and 1. Neither q nor k is scaled here. `memory` continues a
    text, and is not changed; half precision is computed in float32, and the memory stays so.
    ValueError or TypeError names the argument. Source: Yang et al. (2025), section 3.
    """
    name = "gated_delta_recurrent"
    memory = _memory(name, q, k, v, memory, beta=beta, log_keep=log_keep)
    outputs = []
    for token in pieces(1, *_columns(q, k, v, beta, log_keep)):
        query, key, value, write, keep = token
        memory = keep.exp() * memory
        memory = memory + key.mT @ (write * (value - key @ memory))
        outputs.append(query @ memory)
    return joined(outputs, v), memory


def gated_delta_chunked(
    q: Float[Tensor, "*batch T D"],
    k: Float[Tensor, "*batch T D"],
    v: Float[Tensor, "*batch T Dv"],
    beta: Float[Tensor, "*batch T"],
    log_keep: Float[Tensor, "*batch T"],
    memory: Float[Tensor, "*batch D Dv"] | None = None,
    *,
    size: int = 64,
) -> tuple[Float[Tensor, "*batch T Dv"], Float[Tensor, "*batch D Dv"]]:
    """`gated_delta_recurrent`, `size` tokens at a time, each by one triangular system.

    Source: Yang et al. (2025), section 3.
    """
    name = "gated_delta_chunked"
    size = validate.whole_number(name, "size", size, least=1)
    memory = _memory(name, q, k, v, memory, beta=beta, log_keep=log_keep)
    outputs = []
    for query, key, value, write, keep in pieces(size, *_columns(q, k, v, beta, log_keep)):
        kept = keep.clamp(min=NOTHING).cumsum(-2)  # since the chunk's start, as a logarithm
        between = _past(kept - kept.mT).exp()
        before, after = kept.exp(), (kept[..., -1:, :] - kept).exp()
        system = write * (key @ key.mT * between)
        wanted = write * (value - before * (key @ memory))
        writes = _solve(system, wanted)
        outputs.append(before * (query @ memory) + (query @ key.mT * between) @ writes)
        memory = before[..., -1:, :] * memory + (after * key).mT @ writes
    return joined(outputs, v), memory


def delta_recurrent(
    q: Float[Tensor, "*batch T D"],
    k: Float[Tensor, "*batch T D"],
    v: Float[Tensor, "*batch T Dv"],
    beta: Float[Tensor, "*batch T"],
    memory: Float[Tensor, "*batch D Dv"] | None = None,
) -> tuple[Float[Tensor, "*batch T Dv"], Float[Tensor, "*batch D Dv"]]:
    r"""Correct what the key returns, then read: `gated_delta_recurrent` that keeps all.

    $S_t = S_{t-1} + \beta_t\, k_t (v_t - S_{t-1}^\top k_t)^\top$ and $o_t = S_t^\top q_t$. With
    $\beta = 1$ and a key of length 1, that key then returns exactly its new value.
    Source: Schlag et al. (2021), section 4.
    """
    return gated_delta_recurrent(q, k, v, beta, torch.zeros_like(beta), memory)


def delta_chunked(
    q: Float[Tensor, "*batch T D"],
    k: Float[Tensor, "*batch T D"],
    v: Float[Tensor, "*batch T Dv"],
    beta: Float[Tensor, "*batch T"],
    memory: Float[Tensor, "*batch D Dv"] | None = None,
    *,
    size: int = 64,
) -> tuple[Float[Tensor, "*batch T Dv"], Float[Tensor, "*batch D Dv"]]:
    """`delta_recurrent`, `size` tokens at a time. Source: Yang et al. (2024), section 3."""
    return gated_delta_chunked(q, k, v, beta, torch.zeros_like(beta), memory, size=size)


def delta_parallel(
    q: Float[Tensor, "*batch T D"],
    k: Float[Tensor, "*batch T D"],
    v: Float[Tensor, "*batch T Dv"],
    beta: Float[Tensor, "*batch T"],
) -> Float[Tensor, "*batch T Dv"]:
    r"""`delta_recurrent` without its loop: one triangular system for a whole text.

    What each token writes, $U$, solves $(I + \mathrm{tril}(\beta K K^\top, -1))\, U = \beta V$; the
    outputs are $\mathrm{tril}(Q K^\top)\, U$. Source: Yang et al. (2024), section 3.
    """
    _memory("delta_parallel", q, k, v, None, beta=beta)
    query, key, value, write = _columns(q, k, v, beta)
    writes = _solve(write * (key @ key.mT), write * value)
    return ((query @ key.mT).tril() @ writes).to(v.dtype)


def _solve(system, wanted):
    """U of (I + system below its diagonal) U = wanted."""
    return torch.linalg.solve_triangular(system, wanted, upper=False, unitriangular=True)


def _past(x):
    """-inf above the diagonal, so that `exp` gives 0 there and never overflows."""
    future = torch.ones(x.shape[-2:], dtype=torch.bool, device=x.device).triu(1)
    return x.masked_fill(future, -torch.inf)


def _columns(q, k, v, *shares):
    return wide(q, k, v, *(share[..., None] for share in shares))


def _memory(function, q, k, v, memory, **shares):
    validate.same_tokens(function, q=q, k=k, v=v)
    validate.per_token(function, k, **shares)
    if memory is None:
        return empty(*wide(k, v))
    return validate.kept_memory(function, "memory", memory, k, v)
