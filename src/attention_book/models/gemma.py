"""Gemma 3 as it is published: Llama's names, and what is its own."""

import math

from .llamas import COMMON, back, only_kinds, speed


def _gemma3(function, said):
    """Local blocks turn fast and see a window, global ones turn slowly and see everything."""
    local, whole = kinds = ("sliding_attention", "full_attention")
    only_kinds(function, said, kinds)
    every = said.get("sliding_window_pattern") or said.get("_sliding_window_pattern") or 6
    n_layers = said.get("num_hidden_layers", 0)
    types = said.get("layer_types") or [
        local if (i + 1) % every else whole for i in range(n_layers)
    ]
    fast = speed(function, said | {"rope_scaling": None}, local, said["rope_local_base_freq"])
    thetas = {local: fast, whole: speed(function, said, whole, said["rope_theta"])}
    windows = {local: back(said["sliding_window"]), whole: None}
    return {
        "rope_theta": tuple(thetas[kind] for kind in types),
        "window": tuple(windows[kind] for kind in types),
    }


def _plain_norms(state, said, config):
    """Gemma's norms stretch by 1 + w, and its scores have a scale of their own."""
    stretch = math.sqrt(config.d_head / said["query_pre_attn_scalar"])
    for name, x in state.items():
        if "norm" in name.split(".")[-2]:
            scale = stretch if "q_norm" in name else 1.0
            state[name] = ((1.0 + x.to(_wide(x))) * scale).to(x.dtype)
    return state


def _wide(x):
    return x.float().dtype if x.dtype.itemsize < 4 else x.dtype


ALSO = """
    layer_types sliding_window sliding_window_pattern query_pre_attn_scalar rope_local_base_freq
""".split()

GEMMA3 = COMMON._replace(
    name="Gemma 3",
    settings=COMMON.settings | {"activation": "hidden_activation"},
    defaults={name: x for name, x in COMMON.defaults.items() if name != "hidden_act"}
    | {"hidden_activation": "gelu_pytorch_tanh", "num_key_value_heads": 4, "head_dim": 256}
    | {"tie_word_embeddings": True, "query_pre_attn_scalar": 256, "sliding_window": 4096}
    | {"rope_theta": 1e6, "rope_local_base_freq": 1e4},
    variants=COMMON.variants
    | {"model_type": "gemma3_text", "use_bidirectional_attention": False}
    | {"final_logit_softcapping": None, "attn_logit_softcapping": None},
    structure=COMMON.structure | {"qk_norm": True, "norm_added": True, "scale_embeddings": True},
    block=COMMON.block
    | {
        "post_attention_layernorm": "attention_residual.added_norm",
        "pre_feedforward_layernorm": "feed_forward_residual.norm",
        "post_feedforward_layernorm": "feed_forward_residual.added_norm",
    },
    also=(*COMMON.also, *ALSO),
    derived=_gemma3,
    adjusted=_plain_norms,
)
