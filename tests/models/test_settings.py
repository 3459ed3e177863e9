"""Every key of config.json: understood as Hugging Face understands it, or refused by name."""

import dataclasses
import json
import shutil

import pytest
import torch
import torch.nn.functional as F

from attention_book import Config, checks
from attention_book.feed_forward import ACTIVATIONS as OURS
from attention_book.models import layouts
from attention_book.models.pretrained import load, load_bert, load_gpt2
from attention_book.models.settings import ACTIVATIONS, UNUSED, config_of

from .drawn import published, random_ids, small_bert, small_gpt, told

MAKERS = {"gpt2": small_gpt, "bert": small_bert}
LAYOUTS = {"gpt2": layouts.GPT2, "bert": layouts.BERT}
SIZES = {"gpt2": ("vocab_size", "n_positions", "n_embd", "n_head", "n_layer")}
SIZES["bert"] = ("vocab_size", "max_position_embeddings", "hidden_size", "num_attention_heads")
SIZES["bert"] += ("num_hidden_layers",)


def hidden(model, ids):
    """What Hugging Face's model thinks, below its heads."""
    return model.base_model(ids).last_hidden_state


def ours(model, ids):
    return model.hidden(ids) if hasattr(model, "hidden") else model(ids)


def theirs(hf, family):
    return {"gpt2": hf.GPT2Config, "bert": hf.BertConfig}[family]()


@pytest.mark.parametrize("family", LAYOUTS)
def test_defaults_are_those_of_hugging_face(hf, family):
    layout, config = LAYOUTS[family], theirs(hf, family)
    assert layout.defaults == {name: getattr(config, name) for name in layout.defaults}
    switches = layout.variants.keys() & config.to_dict().keys()
    assert len(switches) > 2
    assert all(getattr(config, name) == layout.variants[name] for name in switches)
    sizes = set(layout.settings.values()) - layout.defaults.keys()
    assert sizes == set(SIZES[family])


@pytest.mark.parametrize("family", LAYOUTS)
def test_all_that_hugging_face_writes_is_known(hf, family):
    config, layout = theirs(hf, family), LAYOUTS[family]
    sizes = {name: getattr(config, name) for name in SIZES[family]}
    unused = config.to_dict().keys() & set(UNUSED) - layout.variants.keys()
    written = config.to_dict() | dict.fromkeys(unused, "x")  # not None, which says nothing
    known = config_of("load", layout, written, None)
    assert known == config_of("load", LAYOUTS[family], sizes, None)
    assert dataclasses.asdict(known).items() >= {"d_model": 768, "n_layers": 12}.items()


@pytest.mark.parametrize("family", LAYOUTS)
def test_case_67_settings_that_are_left_out_are_hugging_faces(hf, family, tmp_path):
    wide = {"intermediate_size": 3072} if family == "bert" else {}
    model, ids = MAKERS[family](hf, **wide), random_ids(2, 20)
    folder = published(tmp_path, model)
    layout, said = LAYOUTS[family], json.loads((folder / "config.json").read_text("utf-8"))
    kept = {*SIZES[family], "model_type"}
    loaded = load(told(folder, without=said.keys() - kept))
    checks.same(ours(loaded, ids), hidden(model, ids))
    assert loaded.config.dropout == 0.1
    assert loaded.config.init_std == 0.02
    assert loaded.config.norm_eps == layout.defaults[layout.settings["norm_eps"]]


@pytest.mark.parametrize("family", LAYOUTS)
def test_sizes_have_no_default(hf, family, tmp_path):
    folder = published(tmp_path, MAKERS[family](hf))
    config = load(folder).config
    lost = sorted(SIZES[family])[:2]
    told(folder, without=lost)
    with pytest.raises(ValueError, match=f"lacks {', '.join(lost)}; add .* or pass config=Config"):
        load(folder)
    assert load(folder, config).config == config


CHANGED = {  # values that change nothing: of keys that Hugging Face reads
    "gpt2": {"use_cache": False, "reorder_and_upcast_attn": True, "n_ctx": 7, "is_decoder": True}
    | {"summary_type": "mean", "summary_activation": "tanh", "summary_first_dropout": 0.9}
    | {"classifier_dropout": 0.9, "bos_token_id": 3, "eos_token_id": 4, "pad_token_id": None},
    "bert": {"chunk_size_feed_forward": 5, "classifier_dropout": 0.9, "pad_token_id": 3}
    | {"use_cache": False, "pooler_type": "none", "directionality": "left"},
}
CHANGED = {
    family: changes
    | {"architectures": ["X"], "torchscript": True, "num_labels": 7, "gradient_checkpointing": True}
    | {"output_attentions": True, "temperature": 0.1, "repetition_penalty": 9.0, "top_k": 1}
    | {"_anything": [1], "id2label": {"0": "no", "1": "yes"}, "torch_dtype": "float16"}
    for family, changes in CHANGED.items()
}


@pytest.mark.parametrize(
    ("family", "name"), [(family, name) for family in CHANGED for name in CHANGED[family]]
)
def test_settings_that_change_nothing_are_accepted(hf, family, name, tmp_path):
    """Hugging Face computes the same with another value, and so do we."""
    value, ids = CHANGED[family][name], random_ids(2, 20)
    plain = MAKERS[family](hf)
    settings = {key: getattr(plain.config, key) for key in SIZES[family]}
    if family == "bert":
        settings["intermediate_size"] = plain.config.intermediate_size
    other = type(plain)(type(plain.config)(**settings | {name: value})).double().eval()
    other.load_state_dict(plain.state_dict())
    with torch.no_grad():
        # In float32 where they are asked to compute in it.
        checks.same(hidden(other, random_ids(2, 20)), hidden(plain, ids), 1e-4)
    assert load(told(published(tmp_path, plain), {name: value})).config.n_layers == 2


SWITCHES = [
    ("gpt2", "scale_attn_weights", False),
    ("gpt2", "scale_attn_by_inverse_layer_idx", True),
    ("bert", "is_decoder", True),
]


@pytest.mark.parametrize(("family", "name", "value"), SWITCHES)
def test_settings_that_change_the_function_are_refused(hf, family, name, value, tmp_path):
    plain, other = MAKERS[family](hf), MAKERS[family](hf, **{name: value})
    ids = random_ids(2, 20)
    with pytest.raises(AssertionError, match="differ by more than"):
        checks.same(hidden(other, ids), hidden(plain, ids), 1e-3)
    folder = published(tmp_path, other)
    with pytest.raises(ValueError, match=f"config.json says {name} = {value}.*can only be"):
        load(folder)


@pytest.mark.parametrize("value", ["relative_key", "relative_key_query"])
def test_case_66_relative_places_are_refused(bert_folder, tmp_path, value):
    """Transformers 5 forgets them in silence; the weights were trained with them."""
    folder = shutil.copytree(bert_folder, tmp_path / "bert")
    with pytest.raises(ValueError, match=f"position_embedding_type = '{value}'.*only be 'absolute"):
        load_bert(told(folder, {"position_embedding_type": value}))


UNKNOWN = {
    "rope_scaling": {"type": "linear", "factor": 2.0},
    "rope_theta": 10000.0,
    "quantization_config": {"bits": 8},
    "pruned_heads": {"0": [1]},
    "per_layer_config": {"0": {"hidden_size": 8}},
    "auto_map": {"AutoModel": "modeling.Model"},
    "embedding_size": 12,
    "use_relative": False,
}


@pytest.mark.parametrize("family", LAYOUTS)
@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown_settings_are_left_out_only_when_asked(hf, family, name, tmp_path):
    folder = told(published(tmp_path, MAKERS[family](hf)), {name: UNKNOWN[name]})
    words = rf"config\.json says {name} = .*pass ignore=\('{name}',\)"
    with pytest.raises(ValueError, match=words):
        load(folder)
    load(folder, ignore=(name,))
    load(folder, ignore=[name[:-2] + "*"])
    for nothing in (None, {}, []):
        load(told(folder, {name: nothing}))


def test_what_an_unknown_setting_says_is_shown_in_short(folder):
    told(folder, {"notes": list(range(10_000))})
    with pytest.raises(ValueError, match="notes") as caught:
        load_gpt2(folder)
    assert len(str(caught.value)) < 300


DROPOUTS = [("gpt2", name) for name in ("attn_pdrop", "embd_pdrop", "resid_pdrop")]
DROPOUTS += [("bert", "hidden_dropout_prob"), ("bert", "attention_probs_dropout_prob")]


@pytest.mark.parametrize(("family", "name"), DROPOUTS)
@pytest.mark.parametrize("value", [0.0, 0.9])
def test_case_66_dropouts_that_differ_are_not_lost(hf, family, name, value, tmp_path):
    folder = published(tmp_path, MAKERS[family](hf, **{name: value}))
    with pytest.raises(ValueError, match=rf"{name} = {value}.* one dropout for all") as caught:
        load(folder)
    advised = eval(str(caught.value).split("config=")[1], {"Config": Config})
    assert advised.dropout in (0.1, value)
    config = dataclasses.replace(advised, dropout=0.3)
    assert load(folder, config).config == config


@pytest.mark.parametrize("family", LAYOUTS)
def test_case_66_one_dropout_for_all_is_taken(hf, family, tmp_path):
    quiet = dict.fromkeys(LAYOUTS[family].dropouts, 0.25)
    model = load(published(tmp_path, MAKERS[family](hf, **quiet)))
    assert model.config.dropout == 0.25
    assert model.dropout.p == 0.25


def test_activations_compute_what_their_names_say(hf):
    """Of all that Hugging Face knows, those that compute what ours do, and no other."""
    from transformers.activations import ACT2FN

    x = torch.linspace(-12, 12, 4001, dtype=torch.float64)
    assert ACTIVATIONS.keys() <= ACT2FN.keys()
    assert set(ACTIVATIONS.values()) == OURS.keys()
    for name in ACT2FN:
        if name in ACTIVATIONS:
            checks.same(OURS[ACTIVATIONS[name]](x), ACT2FN[name](x), 1e-9)
    for name in ("quick_gelu", "gelu_10", "relu2", "relu6", "tanh", "mish", "leaky_relu"):
        distances = [(ACT2FN[name](x) - f(x)).abs().max() for f in OURS.values()]
        assert min(distances) > 1e-3


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("family", LAYOUTS)
def test_the_model_has_the_activation_of_its_settings(hf, family, name, tmp_path):
    field = LAYOUTS[family].settings["activation"]
    model, ids = MAKERS[family](hf, **{field: name}), random_ids(2, 20)
    checks.same(ours(load(published(tmp_path, model)), ids), hidden(model, ids), 1e-10)


OTHERS = ["quick_gelu", "gelu_10", "gelu_tanh", "", None, 3, ["gelu"]]
OTHERS += [{"name": "gelu"}, True]


@pytest.mark.parametrize("family", LAYOUTS)
@pytest.mark.parametrize("value", OTHERS, ids=repr)
def test_other_activations_are_refused_by_name(hf, family, value, tmp_path):
    folder = published(tmp_path, MAKERS[family](hf))
    told(folder, {LAYOUTS[family].settings["activation"]: value})
    words = "the activation must be one of gelu_new, gelu, relu, gelu_python, .*got "
    with pytest.raises(ValueError, match=words) as caught:
        load(folder)
    assert repr(value) in str(caught.value)


VARIANTS = [
    ({"model_type": "gptj"}, "model_type = 'gptj'"),
    ({"scale_attn_weights": False}, "scale_attn_weights = False"),
    ({"scale_attn_by_inverse_layer_idx": True}, "scale_attn_by_inverse_layer_idx = True"),
    ({"add_cross_attention": True}, "add_cross_attention = True"),
    ({"is_encoder_decoder": True}, "is_encoder_decoder = True"),
    ({"activation_function": "mish"}, "the activation must be one of gelu_new"),
    ({"tie_word_embeddings": "false"}, "tie_embeddings must be True or False"),
    ({"n_head": 5}, "the remainder is 4"),
    ({"n_head": 0}, "n_heads must be at least 1"),
    ({"n_embd": "24"}, "d_model must be an int"),
    ({"n_embd": 24.0}, "d_model must be an int"),
    ({"n_embd": None}, "d_model must be an int"),
    ({"resid_pdrop": 2, "attn_pdrop": 2, "embd_pdrop": 2}, "dropout must be at least 0"),
    ({"resid_pdrop": "0.1"}, "one dropout for all|dropout must be"),
    ({"layer_norm_epsilon": -1}, "norm_eps must be positive"),
    ({"n_layer": 4}, "missing: h.3.ln_1.weight"),
    ({"n_layer": 2}, "extra: h.2."),
    ({"vocab_size": 38}, r"wte.weight \(37, 24\) instead of \(38, 24\)"),
    ({"n_inner": 48}, r"\(24, 96\) instead of \(24, 48\)"),
]


@pytest.mark.bad_input
@pytest.mark.parametrize(("changes", "words"), VARIANTS)
def test_case_44_settings_of_another_model(folder, changes, words):
    with pytest.raises((ValueError, TypeError), match=words):
        load_gpt2(told(folder, changes))


def test_settings_of_the_other_family_say_which_it_is(folder, bert_folder):
    with pytest.raises(ValueError, match=r"model_type = 'bert'.*only be 'gpt2'"):
        load_gpt2(bert_folder)
    with pytest.raises(ValueError, match=r"model_type = 'gpt2'.*only be 'bert'"):
        load_bert(folder)


DIFFERENT = {
    "activation": "gelu",
    "norm_eps": 1e-6,
    "n_heads": 2,
    "max_len": 19,
    "tie_embeddings": False,
    "positions": "sinusoidal",
}


@pytest.mark.bad_input
@pytest.mark.parametrize("name", DIFFERENT)
def test_case_66_a_config_that_contradicts_config_json(folder, name):
    config = load_gpt2(folder).config
    wrong = dataclasses.replace(config, **{name: DIFFERENT[name]})
    words = f"config.{name} must be {getattr(config, name)!r}, got {DIFFERENT[name]!r}"
    with pytest.raises(ValueError, match=words) as caught:
        load_gpt2(folder, wrong)
    assert "as config.json says" in str(caught.value)


def test_a_reader_may_choose_what_only_training_sees(folder):
    config = dataclasses.replace(load_gpt2(folder).config, dropout=0.7, init_std=0.5)
    assert load_gpt2(folder, config).config is config


PUBLISHED = {  # as they lie on the hub
    "openai-community/gpt2": {
        "activation_function": "gelu_new",
        "architectures": ["GPT2LMHeadModel"],
        "attn_pdrop": 0.1,
        "bos_token_id": 50256,
        "embd_pdrop": 0.1,
        "eos_token_id": 50256,
        "initializer_range": 0.02,
        "layer_norm_epsilon": 1e-05,
        "model_type": "gpt2",
        "n_ctx": 1024,
        "n_embd": 768,
        "n_head": 12,
        "n_layer": 12,
        "n_positions": 1024,
        "resid_pdrop": 0.1,
        "summary_activation": None,
        "summary_first_dropout": 0.1,
        "summary_proj_to_labels": True,
        "summary_type": "cls_index",
        "summary_use_proj": True,
        "task_specific_params": {"text-generation": {"do_sample": True, "max_length": 50}},
        "vocab_size": 50257,
    },
    "google-bert/bert-base-chinese": {
        "architectures": ["BertForMaskedLM"],
        "attention_probs_dropout_prob": 0.1,
        "directionality": "bidi",
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": 768,
        "initializer_range": 0.02,
        "intermediate_size": 3072,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": 512,
        "model_type": "bert",
        "num_attention_heads": 12,
        "num_hidden_layers": 12,
        "pad_token_id": 0,
        "pooler_fc_size": 768,
        "pooler_num_attention_heads": 12,
        "pooler_num_fc_layers": 3,
        "pooler_size_per_head": 128,
        "pooler_type": "first_token_transform",
        "position_embedding_type": "absolute",
        "type_vocab_size": 2,
        "vocab_size": 21128,
    },
}


@pytest.mark.parametrize("settings", PUBLISHED.values(), ids=PUBLISHED)
def test_settings_as_they_were_published(settings):
    config = config_of("load", LAYOUTS[settings["model_type"]], settings, None)
    assert (config.d_model, config.d_ff, config.n_layers, config.d_head) == (768, 3072, 12, 64)
    assert config.vocab_size == settings["vocab_size"]
    assert F.gelu(torch.ones(1)).item() != OURS["gelu_tanh"](torch.ones(1)).item()
    assert config.activation == {"gpt2": "gelu_tanh", "bert": "gelu"}[settings["model_type"]]
