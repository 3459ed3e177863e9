"""Llama and its relatives as they are published: one table of names, and what each says of it."""

import math

from .. import validate
from .layouts import Layout

COMMON = Layout(
    name="Llama",
    settings={
        "vocab_size": "vocab_size",
        "max_len": "max_position_embeddings",
        "d_model": "hidden_size",
        "n_heads": "num_attention_heads",
        "n_layers": "num_hidden_layers",
        "n_kv_heads": "num_key_value_heads",
        "d_head": "head_dim",
        "d_ff": "intermediate_size",
        "norm_eps": "rms_norm_eps",
        "activation": "hidden_act",
        "tie_embeddings": "tie_word_embeddings",
        "init_std": "initializer_range",
    },
    dropouts=("attention_dropout",),
    defaults={
        "num_key_value_heads": None,
        "head_dim": None,
        "rms_norm_eps": 1e-6,
        "hidden_act": "silu",
        "tie_word_embeddings": False,
        "initializer_range": 0.02,
        "attention_dropout": 0.0,
    },
    variants={
        "model_type": "llama",
        "attention_bias": False,
        "mlp_bias": False,
        "pretraining_tp": 1,
        "add_cross_attention": False,
        "is_encoder_decoder": False,
    },
    structure={
        "positions": "rotary",
        "norm": "rms",
        "norm_first": True,
        "norm_added": False,
        "qk_norm": False,
        "feed_forward": "gated",
        "bias": False,
        "scale_embeddings": False,
        "n_segments": 0,
    },
    prefix="model.",
    ends={
        "embed_tokens.weight": "embeddings.tokens.weight",
        "norm": "norm",
        "lm_head.weight": "embeddings.head.weight",
    },
    block={
        "self_attn.q_proj": "attention.q_proj",
        "self_attn.k_proj": "attention.k_proj",
        "self_attn.v_proj": "attention.v_proj",
        "self_attn.o_proj": "attention.o_proj",
        "self_attn.q_norm": "attention.q_norm",
        "self_attn.k_norm": "attention.k_norm",
        "mlp.gate_proj": "feed_forward.gate_proj",
        "mlp.up_proj": "feed_forward.up_proj",
        "mlp.down_proj": "feed_forward.down_proj",
        "input_layernorm": "attention_residual.norm",
        "post_attention_layernorm": "feed_forward_residual.norm",
    },
    blocks="layers.{}.",
    transposed=r"$^",  # none
    copies={"lm_head.weight": "embed_tokens.weight"},
    left_out=r"layers\.\d+\.self_attn\.rotary_emb\.inv_freq",  # computed, not learned
    parts={},
    also=("rope_theta", "rope_scaling", "rope_parameters"),
)


def _speed(function, said, kind=None, silent=10_000.0):
    """theta of the plain rotation; one that stretches, or turns some features only, is refused."""
    told = said.get("rope_parameters") or {}
    told = told if kind is None else told.get(kind) or {}
    scaling = said.get("rope_scaling") or {}
    plain = {"rope_type": "default", "type": "default", "partial_rotary_factor": 1.0}
    for name, value in {**told, **scaling}.items():
        if name != "rope_theta" and value != plain.get(name):
            text = f"{validate.shown(value)}, but this model only turns all features, unscaled"
            raise ValueError(f"{function}: config.json says that rotation has {name} = {text}")
    return told.get("rope_theta", silent)


def _one_speed(function, said):
    return {"rope_theta": _speed(function, said, silent=said.get("rope_theta", 10_000.0))}


def _only(function, said, kind):
    for i, other in enumerate(said.get("layer_types") or ()):
        if other not in kind:
            raise ValueError(
                f"{function}: config.json says layer_types[{i}] = {validate.shown(other)}, but "
                f"this model can only have {' and '.join(kind)}"
            )


LLAMA = COMMON._replace(
    derived=lambda function, said: _one_speed(function, said) | {"window": None}
)


def _qwen3(function, said):
    _only(function, said, ("full_attention",))
    return _one_speed(function, said) | {"window": None}


QWEN3 = COMMON._replace(
    name="Qwen3",
    defaults=COMMON.defaults | {"head_dim": 128},
    variants=COMMON.variants | {"model_type": "qwen3", "use_sliding_window": False},
    structure=COMMON.structure | {"qk_norm": True},
    also=(*COMMON.also, "layer_types", "sliding_window", "max_window_layers"),
    derived=_qwen3,
)


def _back(window):
    """How far back a published window goes, which counts the token itself."""
    return None if window is None else window - 1


def _mistral(function, said):
    return _one_speed(function, said) | {"window": _back(said["sliding_window"])}


MISTRAL = COMMON._replace(
    name="Mistral",
    defaults=COMMON.defaults | {"num_key_value_heads": 8, "sliding_window": 4096},
    variants=COMMON.variants | {"model_type": "mistral"},
    also=(*COMMON.also, "sliding_window"),
    derived=_mistral,
)


def _gemma3(function, said):
    """Local blocks turn fast and see a window, global ones turn slowly and see everything."""
    local, whole = kinds = ("sliding_attention", "full_attention")
    _only(function, said, kinds)
    every = said.get("sliding_window_pattern") or said.get("_sliding_window_pattern") or 6
    n_layers = said.get("num_hidden_layers", 0)
    types = said.get("layer_types") or [
        local if (i + 1) % every else whole for i in range(n_layers)
    ]
    fast = _speed(function, said | {"rope_scaling": None}, local, said["rope_local_base_freq"])
    thetas = {local: fast, whole: _speed(function, said, whole, said["rope_theta"])}
    windows = {local: _back(said["sliding_window"]), whole: None}
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


GEMMA3_ALSO = ("layer_types", "sliding_window", "sliding_window_pattern")
GEMMA3_ALSO += ("query_pre_attn_scalar", "rope_local_base_freq")

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
    also=(*COMMON.also, *GEMMA3_ALSO),
    derived=_gemma3,
    adjusted=_plain_norms,
)

LLAMAS = {"llama": LLAMA, "qwen3": QWEN3, "mistral": MISTRAL, "gemma3_text": GEMMA3}
