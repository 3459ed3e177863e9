import dataclasses
import inspect
import re

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from attention_book import checks
from attention_book.models import BERT, GPT, pretrained
from attention_book.models.files import read_weights
from attention_book.models.pretrained import load, load_bert, load_gpt2

from .drawn import (
    opens_pickles,
    published,
    random_ids,
    randomized,
    small,
    small_bert,
    small_gpt,
    told,
)


@pytest.fixture
def state(gpt_folder):
    return load_file(gpt_folder / "model.safetensors")


@pytest.fixture
def config(gpt_folder):
    return load_gpt2(gpt_folder).config


def test_a_folder_and_its_state_dict_give_the_same_model(gpt_folder, state, config):
    ids = random_ids(2, 20)
    checks.same(load_gpt2(state, config)(ids), load_gpt2(str(gpt_folder))(ids), 0)


def test_a_state_dict_as_hugging_face_holds_it(hf_gpt, hf_bert, config, bert_folder):
    ids = random_ids(2, 20)
    for held in (hf_gpt, hf_gpt.transformer):  # with and without the tied head
        checks.same(load_gpt2(held.state_dict(), config)(ids), hf_gpt(ids).logits)
    bert = load_bert(hf_bert.state_dict(), load_bert(bert_folder).config)
    checks.same(bert(ids), hf_bert.bert(ids).last_hidden_state)


def test_the_first_published_names(state, config, bert_folder):
    ids, masks = random_ids(2, 20), {"transformer.h.0.attn.bias": torch.ones(1, 1, 20, 20).tril()}
    checks.same(load_gpt2(state | masks, config)(ids), load_gpt2(state, config)(ids), 0)
    bert = load_file(bert_folder / "model.safetensors")
    names = {"LayerNorm.weight": "LayerNorm.gamma", "LayerNorm.bias": "LayerNorm.beta"}
    old = {}
    for name, tensor in bert.items():
        for new, first in names.items():
            name = name.replace(new, first)
        old[name] = tensor
    assert old.keys() != bert.keys()
    ours = load_bert(old, load_bert(bert_folder).config)
    checks.same(ours(ids), load_bert(bert_folder)(ids), 0)


@pytest.mark.parametrize(
    ("kind", "part", "use"),
    [("BertForMaskedLM", "pooler", "pooled"), ("BertModel", "head", "logits")],
)
def test_parts_that_were_not_published_are_not_made_up(hf, kind, part, use, tmp_path):
    sizes = {"hidden_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2}
    bert = getattr(hf, kind)(hf.BertConfig(vocab_size=37, **sizes))
    randomized(bert).save_pretrained(tmp_path)
    model = load_bert(tmp_path)
    assert getattr(model, part) is None
    with pytest.raises(ValueError, match=f"BERT.{use}: .* published without a {part}"):
        getattr(model, use)(model(random_ids(1, 5)))


def test_loaded_models_are_ready_to_use_and_share_nothing(state, config):
    before = {name: x.clone() for name, x in state.items()}
    model = load_gpt2(state, config)
    assert not model.training
    assert all(p.requires_grad and p.dtype == torch.float64 for p in model.parameters())
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    assert all(torch.equal(state[name], before[name]) for name in state)


def test_case_63_models_loaded_in_inference_can_train(folder, state, config):
    with torch.inference_mode():
        models = load(folder), load_gpt2({n: x.clone() for n, x in state.items()}, config)
    for model in models:
        model(random_ids(1, 5)).sum().backward()
        assert all(p.grad is not None for p in model.parameters())


def test_half_precision_stays(state, config):
    model = load_gpt2({name: x.bfloat16() for name, x in state.items()}, config)
    assert model(random_ids(1, 4)).dtype == torch.bfloat16


def test_case_43_a_square_projection_that_was_not_transposed(state, config, hf_gpt):
    for name in ("attn.c_proj.weight", "attn.c_attn.weight"):
        wrong = f"transformer.h.1.{name}"
        turned = torch.cat([x.t() for x in state[wrong].split(24, dim=1)], dim=1)
        ids = random_ids(2, 20)
        with pytest.raises(AssertionError, match="differ by more than"):
            checks.same(load_gpt2(state | {wrong: turned}, config)(ids), hf_gpt(ids).logits, 1e-3)


def test_case_43_without_the_transposition_the_logits_differ(gpt_folder, hf_gpt, monkeypatch):
    plain = pretrained.layouts.GPT2._replace(
        transposed=r"c_(attn|fc)\.weight$|mlp\.c_proj\.weight$"
    )
    monkeypatch.setattr(pretrained.layouts, "GPT2", plain)
    ids = random_ids(2, 20)
    with pytest.raises(AssertionError, match="differ by more than"):
        checks.same(load_gpt2(gpt_folder)(ids), hf_gpt(ids).logits, 1e-3)


ATTN, MLP = "transformer.h.1.attn.c_attn.weight", "transformer.h.2.mlp.c_fc.weight"
MUTATIONS = {
    "missing": (lambda s: s.pop(ATTN), "missing: h.1.attn.c_attn.weight"),
    "extra": (lambda s: s.update(more=s[ATTN]), "extra: more"),
    "renamed": (lambda s: s.update({"h.1.attn.qkv": s.pop(ATTN)}), "extra: h.1.attn.qkv"),
    "transposed": (lambda s: s.update({ATTN: s[ATTN].t()}), "(72, 24) instead of (24, 72)"),
    "narrower": (lambda s: s.update({MLP: s[MLP][:, :90]}), "(24, 90) instead of (24, 96)"),
    "one float32": (lambda s: s.update({MLP: s[MLP].float()}), "of another type: h.2.mlp.c_fc"),
    "integers": (lambda s: s.update({k: x.long() for k, x in s.items()}), "of another type"),
    "one block more": (
        lambda s: s.update({k.replace("h.1", "h.3"): x for k, x in list(s.items())}),
        "extra: h.3.",
    ),
    "twice": (lambda s: s.update({"wte.weight": s["transformer.wte.weight"]}), "there twice"),
    "untied": (
        lambda s: s.update({"lm_head.weight": s["transformer.wte.weight"] + 1}),
        "lm_head.weight must equal wte.weight",
    ),
    "nothing": (lambda s: s.clear(), "missing: wte.weight, wpe.weight"),
}


@pytest.mark.parametrize(("mutate", "words"), MUTATIONS.values(), ids=MUTATIONS)
def test_case_44_mutations_of_the_state_dict(state, config, mutate, words):
    mutate(state)
    with pytest.raises(ValueError, match="load_gpt2: ") as caught:
        load_gpt2(state, config)
    assert words in str(caught.value)


def test_case_44_all_that_is_wrong_is_listed(state, config):
    mutated = {name: x for name, x in state.items() if "ln_f" not in name} | {"more": state[ATTN]}
    mutated[MLP] = state[MLP][:5]
    with pytest.raises(ValueError, match="load_gpt2") as caught:
        load_gpt2(mutated, config)
    for words in ("ln_f.weight, ln_f.bias", "extra: more", "(5, 96) instead of (24, 96)"):
        assert words in str(caught.value)


BAD_SOURCES = {
    "number": (3, {}, TypeError, "a folder or a state dict, got int"),
    "nothing": (None, {}, TypeError, "got NoneType"),
    "module": (torch.nn.Linear(1, 1), {}, TypeError, "got Linear"),
    "nowhere": ("no/such/folder", {}, ValueError, "'no/such/folder', which is not there"),
    "file": (__file__, {}, ValueError, "which is a file; nothing was opened"),
    "no config": ({}, {}, ValueError, "a state dict needs its config"),
    "config a dict": ({}, {"config": {}}, TypeError, "config must be a Config, got dict"),
    "arrays": ({"a": np.ones(2)}, {"config": small()}, TypeError, "got ndarray as 'a'"),
    "numbers": ({1: torch.ones(2)}, {"config": small()}, TypeError, "as 1"),
    "digest of a dict": (
        {},
        {"config": small(), "sha256": "0" * 64},
        ValueError,
        "sha256 is of a file",
    ),
    "short digest": ("x", {"sha256": "abc"}, ValueError, "64 hexadecimal digits, got 'abc'"),
    "bytes": ("x", {"sha256": b"0" * 64}, ValueError, "64 hexadecimal digits"),
    "sinusoidal": ({}, {"config": small(positions="sinusoidal")}, ValueError, "'learned'"),
    "no bias": ({}, {"config": small(bias=False)}, ValueError, "config.bias must be True"),
    "names as text": ("x", {"ignore": "score.*"}, TypeError, "must be names, as in ('score.*',)"),
    "no names": ("x", {"ignore": (1,)}, TypeError, "ignore must be names"),
    "scaled": ({}, {"config": small(scale_embeddings=True)}, ValueError, "scale_embeddings"),
}


@pytest.mark.bad_input
@pytest.mark.parametrize("load", [load_gpt2, load_bert])
@pytest.mark.parametrize(
    ("source", "named", "error", "words"), BAD_SOURCES.values(), ids=BAD_SOURCES
)
def test_bad_sources(refused, load, source, named, error, words):
    if isinstance(config := named.get("config"), type(small())) and load is load_bert:
        named = named | {"config": dataclasses.replace(config, norm_first=False, n_segments=2)}
    with refused(error, load.__name__, words):
        load(source, **named)


@pytest.mark.bad_input
def test_configs_of_the_other_family(refused):
    with refused(ValueError, "load_gpt2", "config.norm_first must be True"):
        load_gpt2({}, small(norm_first=False))
    with refused(ValueError, "load_bert", "config.norm_first must be False"):
        load_bert({}, small())


def test_case_66_a_state_dict_does_not_say_its_activation(state, config, refused):
    """Config's own default is another than GPT-2's, and BERT's norms have another epsilon."""
    sizes = {"vocab_size": 37, "max_len": 20, "d_model": 24, "n_heads": 4, "n_layers": 3}
    words = "config.activation must be 'gelu_tanh', got 'gelu', in GPT-2 as published; others say"
    with refused(ValueError, "load_gpt2", words):
        load_gpt2(state, type(config)(**sizes))
    words = "config.norm_eps must be 1e-12, got 1e-05, in BERT as published"
    with refused(ValueError, "load_bert", words):
        load_bert({}, small(norm_first=False, n_segments=2))


@pytest.mark.parametrize("activation", ["gelu", "relu"])
def test_a_folder_says_another_activation_and_a_config_may_repeat_it(hf, activation, tmp_path):
    model = small_gpt(hf, activation_function=activation, layer_norm_epsilon=1e-3)
    folder, ids = published(tmp_path, model), random_ids(1, 9)
    loaded = load_gpt2(folder)
    checks.same(loaded(ids), model(ids).logits)
    checks.same(load_gpt2(folder, loaded.config)(ids), model(ids).logits)
    with pytest.raises(ValueError, match=f"must be 'gelu_tanh', got '{activation}'; config.norm_"):
        load_gpt2(model.state_dict(), loaded.config)


def test_a_given_config_stands_for_the_file(folder, config):
    ids, expected = random_ids(1, 9), load_gpt2(folder)
    (folder / "config.json").unlink()
    checks.same(load_gpt2(folder, config)(ids), expected(ids), 0)
    with pytest.raises(FileNotFoundError, match=r"config\.json"):
        load_gpt2(folder)


def test_load_takes_the_family_from_the_folder(gpt_folder, bert_folder):
    ids = random_ids(1, 9)
    gpt, bert = load(gpt_folder), load(str(bert_folder))
    assert isinstance(gpt, GPT)
    assert isinstance(bert, BERT)
    checks.same(gpt(ids), load_gpt2(gpt_folder)(ids), 0)
    checks.same(bert(ids), load_bert(bert_folder)(ids), 0)
    assert load(gpt_folder, gpt.config).config is gpt.config


@pytest.mark.parametrize("kind", ["opt", "GPT2", None, 3, ["gpt2"], {"gpt2": 1}], ids=repr)
def test_load_lists_the_families_that_it_knows(folder, kind):
    told(folder, {"model_type": kind})
    words = "load: the model_type in config.json must be one of gpt2, bert, llama, qwen3, mistral, "
    words += f"gemma3_text, got {kind!r}"
    with pytest.raises(ValueError, match=re.escape(words)):
        load(folder)


def test_load_without_a_family(folder):
    told(folder, without=["model_type"])
    with pytest.raises(ValueError, match=r"must be one of gpt2, bert, .*, got None"):
        load(folder)
    load_gpt2(folder)  # as old checkpoints lie


@pytest.mark.bad_input
def test_load_of_a_state_dict(refused, state, config):
    with refused(TypeError, "load: ", "no model_type; call load_gpt2 or load_bert"):
        load(state, config)
    with refused(ValueError, "load: source must be a folder"):
        load("no/such/folder")


def test_all_but_source_and_config_are_keywords():
    for function in (load, load_gpt2, load_bert):
        _, config, *others = inspect.signature(function).parameters.values()
        assert config.kind is config.POSITIONAL_OR_KEYWORD
        assert [p.name for p in others] == ["sha256", "ignore"]
        assert all(p.kind is p.KEYWORD_ONLY for p in others)


def test_digests_are_checked_for_load_too(folder):
    with pytest.raises(ValueError, match="was altered"):
        load(folder, sha256="0" * 64)


HEADS = [
    (small_gpt, "GPT2ForSequenceClassification", "score"),
    (small_gpt, "GPT2ForTokenClassification", "classifier"),
    (small_gpt, "GPT2ForQuestionAnswering", "qa_outputs"),
    (small_gpt, "GPT2DoubleHeadsModel", "multiple_choice_head.summary"),
    (small_bert, "BertForSequenceClassification", "classifier"),
    (small_bert, "BertForTokenClassification", "classifier"),
    (small_bert, "BertForQuestionAnswering", "qa_outputs"),
    (small_bert, "BertForMultipleChoice", "classifier"),
]


@pytest.mark.parametrize(("make", "kind", "head"), HEADS)
def test_case_67_other_heads_are_left_out_only_when_asked(hf, make, kind, head, tmp_path):
    theirs, ids = make(hf, kind), random_ids(2, 20)
    folder = published(tmp_path, theirs)
    words = rf"extra: {head}\.\w+.*; to leave out what is extra, pass ignore=\('{head}\.\*',\)"
    with pytest.raises(ValueError, match=words):
        load(folder)
    ours = load(folder, ignore=(f"{head}.*",))
    hidden = ours.hidden(ids) if make is small_gpt else ours(ids)
    checks.same(hidden, theirs.base_model(ids).last_hidden_state)


def test_blocks_that_are_extra_are_not_advised_to_be_left_out(folder):
    with pytest.raises(ValueError, match=r"extra: h\.2\.") as caught:
        load(told(folder, {"n_layer": 2}))
    assert "ignore" not in str(caught.value)


def test_a_part_may_be_left_out_and_what_is_needed_is_then_missing(hf, tmp_path):
    folder = published(tmp_path, small_bert(hf))
    for pattern in ("pooler.*", "bert.pooler.*"):
        assert load(folder, ignore=[pattern]).pooler is None
    with pytest.raises(ValueError, match=r"missing: embeddings\.word_embeddings\.weight"):
        load(folder, ignore=("*.word_embeddings.*",))


FORMS = ["safetensors", "our shards", pytest.param("bin", marks=opens_pickles)]


@pytest.mark.parametrize("form", FORMS)
def test_case_67_gpt2_with_a_head_of_its_own(hf, form, tmp_path):
    theirs, ids = small_gpt(hf, tie_word_embeddings=False), random_ids(2, 20)
    assert not torch.equal(theirs.lm_head.weight, theirs.transformer.wte.weight)
    ours = load(published(tmp_path, theirs, form))
    assert not ours.config.tie_embeddings
    checks.same(ours(ids), theirs(ids).logits)
    checks.same(load_gpt2(theirs.state_dict(), ours.config)(ids), theirs(ids).logits)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["BertForPreTraining", "BertForMaskedLM"])
def test_case_67_bert_with_a_head_of_its_own(hf, form, kind, tmp_path):
    theirs, ids = small_bert(hf, kind, tie_word_embeddings=False), random_ids(2, 20)
    ours = load(published(tmp_path, theirs, form))
    assert not ours.config.tie_embeddings
    logits = theirs.cls.predictions(theirs.bert(ids).last_hidden_state)
    checks.same(ours.logits(ours(ids)), logits)


def test_a_bias_that_was_published_once(hf, tmp_path):
    """Transformers 4 keeps the two biases of BERT's head as one, also where it is not tied."""
    theirs, ids = small_bert(hf, tie_word_embeddings=False), random_ids(2, 20)
    bias = theirs.cls.predictions.decoder.bias
    theirs.cls.predictions.bias.copy_(bias)
    state = theirs.state_dict()
    del state["cls.predictions.decoder.bias"]
    ours = load_bert(state, load(published(tmp_path, theirs)).config)
    checks.same(ours.logits(ours(ids)), theirs(ids).prediction_logits)


def test_heads_of_their_own_that_are_missing_or_not_said(hf, tmp_path):
    theirs = small_gpt(hf, tie_word_embeddings=False)
    folder = published(tmp_path, theirs)
    with pytest.raises(ValueError, match=r"missing: lm_head\.weight"):
        load(folder, ignore=("lm_head.*",))
    told(folder, without=["tie_word_embeddings"])
    words = r"lm_head\.weight must equal wte\.weight.*config\.json says tie_word_embeddings = false"
    with pytest.raises(ValueError, match=words):
        load(folder)
    assert load(folder, ignore=("lm_head.*",)).embeddings.head is None


def test_bert_without_its_own_head_has_none(hf, tmp_path):
    theirs, ids = small_bert(hf, "BertModel", tie_word_embeddings=False), random_ids(1, 9)
    ours = load(published(tmp_path, theirs))
    assert ours.head is ours.embeddings.head is None
    checks.same(ours(ids), theirs(ids).last_hidden_state)


@pytest.mark.parametrize(("make", "output"), [(small_gpt, "logits"), (small_bert, None)])
def test_in_float32(hf, make, output, tmp_path):
    theirs, ids = make(hf).float(), random_ids(2, 20)
    ours = load(published(tmp_path, theirs))
    expected = theirs(ids).logits if output else theirs.bert(ids).last_hidden_state
    assert ours(ids).dtype == torch.float32
    checks.same(ours(ids), expected, 1e-5)


def test_a_load_that_fails_changes_nothing(state, config):
    names, versions = list(state), [x._version for x in state.values()]
    for wrong in ({"more": state[ATTN]}, {MLP: state[MLP].float()}):
        with pytest.raises(ValueError, match="not this model's"):
            load_gpt2(state | wrong, config)
    load_gpt2(state, config)
    assert list(state) == names
    assert [x._version for x in state.values()] == versions


def test_only_what_was_published_is_saved_again(gpt_folder, tmp_path, hf_gpt):
    """Round trip: our own state dict in a file, loaded into a fresh model."""
    model = load_gpt2(gpt_folder)
    state = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    save_file(state, tmp_path / "ours.safetensors")
    again = type(model)(model.config).double().eval()
    again.load_state_dict(read_weights(tmp_path / "ours.safetensors"))
    ids = random_ids(2, 9)
    checks.same(again(ids), hf_gpt(ids).logits)
