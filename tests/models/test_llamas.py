"""Llama, Qwen3, Mistral and Gemma 3 of Hugging Face, with random weights, and our own block."""

import json

import pytest
import torch

from attention_book import GPT, KVCache, checks, generate
from attention_book.models.pretrained import load

from .drawn import FORMS, published, random_ids, randomized, told

SIZES = {"vocab_size": 37, "hidden_size": 24, "num_hidden_layers": 3, "num_attention_heads": 4}
SIZES |= {"num_key_value_heads": 2, "intermediate_size": 40, "max_position_embeddings": 50}
TYPES = ["sliding_attention", "full_attention", "sliding_attention"]
FAMILIES = {
    "llama": ("LlamaConfig", "LlamaForCausalLM", {}),
    "qwen3": ("Qwen3Config", "Qwen3ForCausalLM", {"head_dim": 10}),
    "mistral": ("MistralConfig", "MistralForCausalLM", {"sliding_window": 5}),
    "gemma3_text": (
        "Gemma3TextConfig",
        "Gemma3ForCausalLM",
        {"head_dim": 10, "sliding_window": 5, "layer_types": TYPES, "query_pre_attn_scalar": 7},
    ),
}
EVERY = pytest.mark.parametrize("family", FAMILIES)


def peer(hf, family, **settings):
    config, model, own = FAMILIES[family]
    settings = SIZES | {"attn_implementation": "eager", "pad_token_id": None} | own | settings
    return randomized(getattr(hf, model)(getattr(hf, config)(**settings)))


@EVERY
@pytest.mark.parametrize("tied", [True, False])
def test_equals_hugging_face(hf, family, tied, tmp_path):
    theirs, ids = peer(hf, family, tie_word_embeddings=tied), random_ids(2, 23)
    ours = load(published(tmp_path, theirs))
    logits = theirs(ids).logits
    # They compute norms, softmax and rotations in float32, also in a model of float64.
    assert (ours(ids) - logits).abs().max() < 2e-6 * logits.abs().max()
    assert ours.config.tie_embeddings is tied


@EVERY
@pytest.mark.parametrize("sizes", [[9] + [1] * 14, [4, 12, 7]])
def test_cache_and_full_agree(hf, family, sizes, tmp_path):
    model, ids = load(published(tmp_path, peer(hf, family))), random_ids(2, 23)
    caches = [KVCache(23) for _ in model.blocks]
    pieces = [model(piece, caches=caches) for piece in ids.split(sizes, dim=1)]
    checks.same(torch.cat(pieces, dim=1), model(ids), 1e-12)
    assert caches[0].k.shape[1] == 2


@EVERY
def test_writes_what_hugging_face_writes(hf, family, tmp_path):
    theirs, ids = peer(hf, family), random_ids(2, 6)
    ours = torch.stack(list(generate(load(published(tmp_path, theirs)), ids, 12)), 1)
    options = {"max_new_tokens": 12, "do_sample": False, "eos_token_id": None, "pad_token_id": 0}
    written = theirs.generate(ids, attention_mask=torch.ones_like(ids), **options)
    assert torch.equal(ours, written[:, 6:])


@EVERY
def test_gradients_reach_every_parameter(hf, family, tmp_path):
    model = load(published(tmp_path, peer(hf, family)))
    model(random_ids(2, 9)).square().sum().backward()
    assert all(p.grad.abs().sum() > 0 for p in model.parameters())


@EVERY
@pytest.mark.parametrize("form", ["safetensors", "their shards"])
def test_files_of_every_form_and_dtype(hf, family, form, tmp_path):
    theirs = peer(hf, family).to(torch.bfloat16)
    FORMS[form](tmp_path, theirs)
    theirs.config.save_pretrained(tmp_path)
    model = load(tmp_path)
    assert model.embeddings.tokens.weight.dtype == torch.bfloat16
    assert model(random_ids(1, 5)).isfinite().all()


def written(folder, **changes):
    return json.loads((folder / "config.json").read_text("utf-8")) | changes


@EVERY
def test_the_older_way_to_say_how_fast_it_turns(hf, family, tmp_path):
    """As the folders of the first years have it, which transformers still reads."""
    theirs, ids = peer(hf, family), random_ids(2, 23)
    old = {"rope_theta": 500.0, "rope_scaling": None}
    if family == "gemma3_text":
        old |= {"rope_local_base_freq": 50.0, "sliding_window_pattern": 2}
    folder = told(published(tmp_path, theirs), old, without=("rope_parameters", "layer_types"))
    config = type(theirs.config).from_pretrained(folder, attn_implementation="eager")
    again = type(theirs)(config).double().eval()
    again.load_state_dict(theirs.state_dict())
    logits = again(ids).logits
    assert (load(folder)(ids) - logits).abs().max() < 2e-6 * logits.abs().max()
    assert not torch.allclose(logits, theirs(ids).logits)


@EVERY
def test_what_is_not_said_is_as_in_hugging_face(hf, family, tmp_path):
    silent = {
        "llama": {"head_dim": None, "num_key_value_heads": 4},
        "qwen3": {"head_dim": 128},
        "mistral": {"hidden_size": 32, "num_attention_heads": 8, "num_key_value_heads": 8}
        | {"head_dim": None, "sliding_window": 4096},
        "gemma3_text": {"head_dim": 256, "layer_types": None, "num_key_value_heads": 4}
        | {"query_pre_attn_scalar": 256, "sliding_window": 4096},
    }[family]
    theirs, ids = peer(hf, family, **silent), random_ids(1, 20)
    folder = published(tmp_path, theirs)
    also = {"rms_norm_eps", "hidden_act", "hidden_activation", "initializer_range"}
    also |= {"rope_parameters", "attention_dropout", "tie_word_embeddings", "layer_types"}
    without = silent.keys() - {"hidden_size", "num_attention_heads"} | also
    config, logits = load(folder).config, theirs(ids).logits
    model = load(told(folder, without=without))
    assert model.config == config
    assert (model(ids) - logits).abs().max() < 2e-6 * logits.abs().max()


REFUSED = [
    ("llama", {"rope_scaling": {"rope_type": "llama3", "factor": 8.0}}, "rope_type = 'llama3'"),
    ("llama", {"rope_scaling": {"type": "linear", "factor": 2.0}}, "type = 'linear'"),
    ("llama", {"rope_parameters": {"rope_type": "yarn", "rope_theta": 1e4}}, "rope_type = 'yarn'"),
    ("llama", {"rope_parameters": {"partial_rotary_factor": 0.5}}, "partial_rotary_factor = 0.5"),
    ("llama", {"attention_bias": True}, "attention_bias = True"),
    ("llama", {"mlp_bias": True}, "mlp_bias = True"),
    ("llama", {"pretraining_tp": 2}, "pretraining_tp = 2"),
    ("llama", {"hidden_act": "tanh"}, "the activation must be one of"),
    ("llama", {"sliding_window": 5}, "sliding_window = 5"),
    ("llama", {"new_in_2027": 1}, "new_in_2027 = 1"),
    ("qwen3", {"use_sliding_window": True}, "use_sliding_window = True"),
    ("qwen3", {"layer_types": TYPES}, "layer_types[0] = 'sliding_attention'"),
    ("mistral", {"attention_bias": True}, "attention_bias = True"),
    ("gemma3_text", {"final_logit_softcapping": 30.0}, "final_logit_softcapping = 30.0"),
    ("gemma3_text", {"attn_logit_softcapping": 50.0}, "attn_logit_softcapping = 50.0"),
    ("gemma3_text", {"use_bidirectional_attention": True}, "use_bidirectional_attention = True"),
    ("gemma3_text", {"layer_types": ["x"] * 3}, "layer_types[0] = 'x'"),
    (
        "gemma3_text",
        {"rope_parameters": {"full_attention": {"rope_type": "linear", "factor": 8.0}}},
        "rope_type = 'linear'",
    ),
]


@pytest.mark.parametrize("family, changes, text", REFUSED)
def test_what_is_not_computed_here_is_refused_by_name(hf, family, changes, text, tmp_path):
    folder = told(published(tmp_path, peer(hf, family)), changes)
    with pytest.raises(ValueError, match=r"^load: ") as error:
        load(folder)
    assert text in str(error.value)


def test_a_tensor_too_many_or_too_few_is_an_error(hf, tmp_path):
    folder = published(tmp_path, peer(hf, "qwen3"))
    with pytest.raises(ValueError, match=r"extra: .*q_norm"):
        load(told(folder, {"model_type": "llama"}, without=("use_sliding_window",)), ignore=EXTRA)
    other = published(tmp_path / "llama", peer(hf, "llama"))
    with pytest.raises(ValueError, match=r"missing: .*q_norm"):
        load(told(other, {"model_type": "qwen3"}))


EXTRA = ("layer_types", "max_window_layers", "sliding_window")


def test_a_model_of_eight_billion_parameters_needs_no_memory_for_its_places():
    from attention_book import Config

    config = Config(
        vocab_size=128_256,
        max_len=131_072,
        d_model=4096,
        n_heads=32,
        n_layers=1,
        n_kv_heads=8,
        d_ff=14_336,
        norm="rms",
        feed_forward="gated",
        activation="silu",
        bias=False,
        positions="rotary",
        rope_theta=5e5,
        tie_embeddings=False,
    )
    with torch.device("meta"):
        model = GPT(config)
    block = sum(p.numel() for p in model.blocks[0].parameters())
    rest = sum(p.numel() for p in model.parameters()) - block
    assert 32 * block + rest == 8_030_261_248  # Llama 3.1 8B, as published
    assert not list(model.buffers())
