"""The NumPy specification beside GPT-2 as one would first write it down in NumPy."""

import numpy as np

from attention_book import reference

from . import peers
from .sizes import SMALL, ids_for
from .timing import compare

PROMPT, NEW = 16, 32


def forward():
    state, ids = _state()
    parameters = reference.gpt_parameters(state)
    heads = SMALL["n_head"]
    ids = np.tile(ids, 8)
    return compare(
        lambda: reference.gpt(ids, **parameters, n_heads=heads),
        lambda: plain_gpt(ids, state, heads),
        tolerance=1e-9,
    )


def decoding():
    state, ids = _state()
    parameters = reference.gpt_parameters(state)
    heads = SMALL["n_head"]
    return compare(
        lambda: list(reference.decode(ids, NEW, **parameters, n_heads=heads)),
        lambda: plain_decode(ids, NEW, state, heads),
    )


def plain_gpt(ids, state, n_heads):
    """GPT-2 head by head, after the formulas of the paper."""
    x = state["wte.weight"][ids] + state["wpe.weight"][: len(ids)]
    future = np.triu(np.ones((len(ids), len(ids)), dtype=bool), 1)
    layer = 0
    while f"h.{layer}.ln_1.weight" in state:
        part = {n.split(".", 2)[2]: a for n, a in state.items() if n.startswith(f"h.{layer}.")}
        qkv = _linear(_norm(x, part, "ln_1"), part, "attn.c_attn")
        q, k, v = (np.split(y, n_heads, axis=-1) for y in np.split(qkv, 3, axis=-1))
        heads = []
        for h in range(n_heads):
            scores = q[h] @ k[h].T / np.sqrt(q[h].shape[-1])
            scores[future] = -np.inf
            weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
            heads.append(weights / weights.sum(axis=-1, keepdims=True) @ v[h])
        x = x + _linear(np.concatenate(heads, axis=-1), part, "attn.c_proj")
        y = _linear(_norm(x, part, "ln_2"), part, "mlp.c_fc")
        y = 0.5 * y * (1 + np.tanh(np.sqrt(2 / np.pi) * (y + 0.044715 * y**3)))
        x = x + _linear(y, part, "mlp.c_proj")
        layer += 1
    return _norm(x, state, "ln_f") @ state["wte.weight"].T


def plain_decode(ids, n, state, n_heads):
    ids = list(ids)
    for _ in range(n):
        ids.append(int(plain_gpt(np.array(ids), state, n_heads)[-1].argmax()))
    return ids[-n:]


def _linear(x, part, name):
    return x @ part[f"{name}.weight"] + part[f"{name}.bias"]


def _norm(x, part, name):
    x = (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)
    return x * part[f"{name}.weight"] + part[f"{name}.bias"]


def _state():
    _, theirs = peers.pair(SMALL)
    state = {n: t.double().numpy() for n, t in theirs.transformer.state_dict().items()}
    return state, ids_for(SMALL, 1, PROMPT)[0].numpy()
