"""How published models name their settings and tensors, beside our names for the same."""

from collections.abc import Callable
from typing import Any, NamedTuple


class Layout(NamedTuple):
    """One published family: what its files say, and what that is called here."""

    name: str
    settings: dict  # our field: theirs, in config.json
    dropouts: tuple  # their names of what is one setting here
    defaults: dict  # what Hugging Face takes where config.json is silent
    variants: dict  # their switches: the only value that computes what our model does
    structure: dict  # our fields: the value that all models of the family have
    prefix: str  # before every name, in files of the model with its head
    ends: dict  # their module or tensor outside of the blocks: ours
    block: dict  # their module in a block: ours, or several of ours side by side
    blocks: str  # where their block i is
    transposed: str  # a pattern of weights that are (n_in, n_out)
    copies: dict  # tensors that may be there a second time: the first
    left_out: str  # a pattern of tensors that our model has no use for
    parts: dict  # our modules that may be missing: how their names begin
    also: tuple = ()  # their settings that `derived` and `adjusted` read
    derived: Callable[..., dict] = lambda function, said: {}  # our fields, computed from theirs
    adjusted: Callable[..., Any] = lambda state, said, config: state  # our weights, from theirs


STRUCTURE = {"positions": "learned", "bias": True, "scale_embeddings": False}
STRUCTURE |= {"norm": "layer", "norm_added": False, "qk_norm": False, "feed_forward": "plain"}

GPT2 = Layout(
    name="GPT-2",
    settings={
        "vocab_size": "vocab_size",
        "max_len": "n_positions",
        "d_model": "n_embd",
        "n_heads": "n_head",
        "n_layers": "n_layer",
        "d_ff": "n_inner",
        "norm_eps": "layer_norm_epsilon",
        "activation": "activation_function",
        "tie_embeddings": "tie_word_embeddings",
        "init_std": "initializer_range",
    },
    dropouts=("resid_pdrop", "embd_pdrop", "attn_pdrop"),
    defaults={
        "n_inner": None,
        "resid_pdrop": 0.1,
        "embd_pdrop": 0.1,
        "attn_pdrop": 0.1,
        "layer_norm_epsilon": 1e-5,
        "activation_function": "gelu_new",
        "tie_word_embeddings": True,
        "initializer_range": 0.02,
    },
    variants={
        "model_type": "gpt2",
        "scale_attn_weights": True,
        "scale_attn_by_inverse_layer_idx": False,
        "add_cross_attention": False,
        "is_encoder_decoder": False,
    },
    structure=STRUCTURE | {"norm_first": True, "n_segments": 0},
    prefix="transformer.",
    ends={
        "wte.weight": "embeddings.tokens.weight",
        "wpe.weight": "embeddings.positions.codes",
        "ln_f": "norm",
        "lm_head.weight": "embeddings.head.weight",
    },
    block={
        "ln_1": "attention_residual.norm",
        "attn.c_attn": ("attention.q_proj", "attention.k_proj", "attention.v_proj"),
        "attn.c_proj": "attention.o_proj",
        "ln_2": "feed_forward_residual.norm",
        "mlp.c_fc": "feed_forward.up_proj",
        "mlp.c_proj": "feed_forward.down_proj",
    },
    blocks="h.{}.",
    transposed=r"\.c_\w+\.weight$",
    copies={"lm_head.weight": "wte.weight"},
    left_out=r"h\.\d+\.attn\.(bias|masked_bias)",  # the causal mask, kept as if it were learned
    parts={},
)

BERT = Layout(
    name="BERT",
    settings={
        "vocab_size": "vocab_size",
        "max_len": "max_position_embeddings",
        "d_model": "hidden_size",
        "n_heads": "num_attention_heads",
        "n_layers": "num_hidden_layers",
        "d_ff": "intermediate_size",
        "norm_eps": "layer_norm_eps",
        "activation": "hidden_act",
        "n_segments": "type_vocab_size",
        "tie_embeddings": "tie_word_embeddings",
        "init_std": "initializer_range",
    },
    dropouts=("hidden_dropout_prob", "attention_probs_dropout_prob"),
    defaults={
        "intermediate_size": 3072,
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1,
        "layer_norm_eps": 1e-12,
        "hidden_act": "gelu",
        "type_vocab_size": 2,
        "tie_word_embeddings": True,
        "initializer_range": 0.02,
    },
    variants={
        "model_type": "bert",
        "position_embedding_type": "absolute",
        "is_decoder": False,
        "add_cross_attention": False,
        "is_encoder_decoder": False,
    },
    structure=STRUCTURE | {"norm_first": False},
    prefix="bert.",
    ends={
        "embeddings.word_embeddings.weight": "embeddings.tokens.weight",
        "embeddings.position_embeddings.weight": "embeddings.positions.codes",
        "embeddings.token_type_embeddings.weight": "embeddings.segments.weight",
        "embeddings.LayerNorm": "embeddings_norm",
        "pooler.dense": "pooler",
        "cls.predictions.transform.dense": "head.dense",
        "cls.predictions.transform.LayerNorm": "head.norm",
        "cls.predictions.bias": "head.bias",
        "cls.predictions.decoder.weight": "embeddings.head.weight",
    },
    block={
        "attention.self.query": "attention.q_proj",
        "attention.self.key": "attention.k_proj",
        "attention.self.value": "attention.v_proj",
        "attention.output.dense": "attention.o_proj",
        "attention.output.LayerNorm": "attention_residual.norm",
        "intermediate.dense": "feed_forward.up_proj",
        "output.dense": "feed_forward.down_proj",
        "output.LayerNorm": "feed_forward_residual.norm",
    },
    blocks="encoder.layer.{}.",
    transposed=r"$^",  # none
    copies={
        "cls.predictions.decoder.weight": "embeddings.word_embeddings.weight",
        "cls.predictions.decoder.bias": "cls.predictions.bias",
    },
    left_out=r"embeddings\.position_ids|cls\.seq_relationship\.(weight|bias)",
    parts={"pooler": "pooler.", "head": "cls.predictions.", "embeddings.head": "cls.predictions."},
)
