"""GPT-2 as formulas: a block, the whole model, and the model with a cache."""

import numpy as np

from .attention import attention, causal_mask, merge_heads, self_attention, split_qkv
from .layers import feed_forward, layer_norm, linear, relu


def block(x, ln_1, attn, ln_2, mlp, n_heads, mask=None):
    """One layer of GPT-2, which normalizes what each sub-layer reads: (..., T, C) -> (..., T, C).

    Source: Radford et al. (2019), section 2.3.
    """
    x = x + self_attention(layer_norm(x, **ln_1), **attn, n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **ln_2), **mlp)


def post_norm_block(x, attn, ln_1, mlp, ln_2, n_heads, mask=None, activation=relu):
    """One layer of the first Transformer, which normalizes what each sub-layer leaves behind.

    Source: Vaswani et al. (2017), section 3.1.
    """
    x = layer_norm(x + self_attention(x, **attn, n_heads=n_heads, mask=mask), **ln_1)
    return layer_norm(x + feed_forward(x, **mlp, activation=activation), **ln_2)


def gpt(ids, wte, wpe, blocks, ln_f, n_heads):
    """The logits of every next token, by a whole GPT-2: int (..., T) -> (..., T, V).

    Source: Radford et al. (2019), section 2.
    """
    ids = _ids("gpt", ids, wte, wpe)
    length = ids.shape[-1]
    x = wte[ids] + wpe[:length]
    for parameters in blocks:
        x = block(x, **parameters, n_heads=n_heads, mask=causal_mask(length, length))
    return layer_norm(x, **ln_f) @ wte.T


def gpt_step(ids, caches, wte, wpe, blocks, ln_f, n_heads):
    """`gpt` for tokens that follow earlier ones: the logits of the new tokens, and new caches.

    A cache is one block's (k, v) of all tokens so far; `caches` is None at the start.
    """
    past = 0 if caches is None else caches[0][0].shape[-2]
    ids = _ids("gpt_step", ids, wte, wpe, past)
    x = wte[ids] + wpe[past : past + ids.shape[-1]]
    grown = []
    for parameters, cache in zip(blocks, caches or [None] * len(blocks), strict=True):
        x, cache = _block_step(x, cache, **parameters, n_heads=n_heads)
        grown.append(cache)
    return layer_norm(x, **ln_f) @ wte.T, grown


def decode(ids, n, **parameters):
    """Yield the n most likely next ids one by one, each computed from the newest token alone."""
    caches = None
    for _ in range(n):
        logits, caches = gpt_step(ids, caches, **parameters)
        ids = logits[-1:].argmax(axis=-1)
        yield int(ids[0])


def gpt_parameters(state):
    """The arguments of `gpt` from the flat names of a published GPT-2 (`h.0.attn.c_attn.weight`).

    Masks that old checkpoints keep beside the weights are left out. ValueError names what lacks.
    """
    tree = {}
    for name, array in state.items():
        *path, leaf = name.removeprefix("transformer.").split(".")
        node = tree
        for step in path:
            node = node.setdefault(step, {})
        node[leaf] = np.asarray(array, dtype=np.float64)
    for part in ("wte", "wpe", "h", "ln_f"):
        if part not in tree:
            raise ValueError(f"gpt_parameters: no {part!r} among the names, got {sorted(tree)}")
    blocks = [_block_parameters(tree["h"], i) for i in range(len(tree["h"]))]
    ends = {name: tree[name]["weight"] for name in ("wte", "wpe")}
    return {**ends, "blocks": blocks, "ln_f": tree["ln_f"]}


def _block_parameters(layers, i):
    try:
        parts = {name: layers[str(i)][name] for name in ("ln_1", "attn", "ln_2", "mlp")}
        parts["attn"] = {name: parts["attn"][name] for name in ("c_attn", "c_proj")}
    except KeyError as missing:
        raise ValueError(f"gpt_parameters: block {i} of {len(layers)} lacks {missing}") from None
    return parts


def _block_step(x, cache, ln_1, attn, ln_2, mlp, n_heads):
    q, k, v = split_qkv(layer_norm(x, **ln_1), attn["c_attn"], n_heads)
    if cache is not None:
        k, v = (np.concatenate(pair, axis=-2) for pair in zip(cache, (k, v), strict=True))
    mixed = attention(q, k, v, causal_mask(q.shape[-2], k.shape[-2]))
    x = x + linear(merge_heads(mixed), **attn["c_proj"])
    return x + feed_forward(layer_norm(x, **ln_2), **mlp), (k, v)


def _ids(function, ids, wte, wpe, past=0):
    ids = np.asarray(ids)
    if ids.dtype.kind not in "iu" or ids.ndim == 0 or ids.size == 0:
        raise ValueError(
            f"{function}: ids must be whole numbers (..., T), at least one, got {ids.dtype} "
            f"of shape {ids.shape}"
        )
    wrong = np.argwhere((ids < 0) | (ids >= len(wte)))
    if len(wrong):
        at = tuple(wrong[0])
        raise IndexError(
            f"{function}: id {ids[at]} at {[int(i) for i in at]} is not in the vocabulary of "
            f"{len(wte)}"
        )
    if past + ids.shape[-1] > len(wpe):
        raise ValueError(
            f"{function}: {past} + {ids.shape[-1]} tokens, but wpe has {len(wpe)} positions"
        )
    return ids
