"""Llama and its relatives as they are published: one table of names, and what each says of it."""

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


def speed(function, said, kind=None, silent=10_000.0):
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
    return {"rope_theta": speed(function, said, silent=said.get("rope_theta", 10_000.0))}


def only_kinds(function, said, kind):
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
    only_kinds(function, said, ("full_attention",))
    return _one_speed(function, said) | {"window": None}


QWEN3 = COMMON._replace(
    name="Qwen3",
    defaults=COMMON.defaults | {"head_dim": 128},
    variants=COMMON.variants | {"model_type": "qwen3", "use_sliding_window": False},
    structure=COMMON.structure | {"qk_norm": True},
    also=(*COMMON.also, "layer_types", "sliding_window", "max_window_layers"),
    derived=_qwen3,
)


def back(window):
    """How far back a published window goes, which counts the token itself."""
    return None if window is None else window - 1


def _mistral(function, said):
    return _one_speed(function, said) | {"window": back(said["sliding_window"])}


MISTRAL = COMMON._replace(
    name="Mistral",
    defaults=COMMON.defaults | {"num_key_value_heads": 8, "sliding_window": 4096},
    variants=COMMON.variants | {"model_type": "mistral"},
    also=(*COMMON.also, "sliding_window"),
    derived=_mistral,
)

LLAMAS = {"llama": LLAMA, "qwen3": QWEN3, "mistral": MISTRAL}
