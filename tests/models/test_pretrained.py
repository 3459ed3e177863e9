import json
import pickle
import shutil
import zipfile

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from attention_book import checks
from attention_book.models import pretrained
from attention_book.models.files import digest, read_weights
from attention_book.models.pretrained import load_bert, load_gpt2

from .drawn import random_ids, randomized, small

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 548105171\n"


@pytest.fixture
def folder(gpt_folder, tmp_path):
    """A copy to damage."""
    return shutil.copytree(gpt_folder, tmp_path / "gpt")


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


def test_case_45_200_truncations(folder):
    path = folder / "model.safetensors"
    whole = path.read_bytes()
    for end in np.random.default_rng(0).integers(len(whole), size=200):
        path.write_bytes(whole[:end])
        with pytest.raises(ValueError, match="truncated"):
            load_gpt2(folder)


def test_case_45_a_tail_is_not_ignored(folder):
    with (folder / "model.safetensors").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ValueError, match="altered: it has"):
        load_gpt2(folder)


@pytest.mark.parametrize("how", ["argument", "manifest"])
def test_case_45_200_bit_flips(folder, how):
    path = folder / "model.safetensors"
    known, whole = digest(path), path.read_bytes()
    if how == "manifest":
        (folder / "SHA256SUMS").write_text(f"{known}  model.safetensors\n")
    arguments = {"sha256": known.upper()} if how == "argument" else {}
    load_gpt2(folder, **arguments)
    for bit in np.random.default_rng(0).integers(8 * len(whole), size=200):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        with pytest.raises(ValueError, match=r"altered|damaged|truncated"):
            load_gpt2(folder, **arguments)


def test_case_45_every_bit_of_the_header_without_a_known_digest(folder, hf_gpt):
    """A changed header is refused, unless it means the same or lies in the remark."""
    path = folder / "model.safetensors"
    whole = path.read_bytes()
    length, ids = 8 + int.from_bytes(whole[:8], "little"), random_ids(1, 20)
    for bit in np.random.default_rng(1).integers(8 * length, size=200):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        try:
            model = load_gpt2(folder)
        except ValueError:
            continue
        checks.same(model(ids), hf_gpt(ids).logits)


def zipped(path, name="x", size=0):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, bytes(size))


class Bomb:
    """A pickle that leaves a trace when it is opened."""

    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return open, (str(self.trace), "w")


DAMAGED = {
    "lfs": (POINTER, "Git-LFS pointer"),
    "html": (b"<!DOCTYPE html><html>not found</html>", "HTML"),
    "spaced html": (b"\xef\xbb\xbf\n  <html></html>", "HTML"),
    "gzip": (b"\x1f\x8b\x08\0\0\0\0\0\0\0", "gzip"),
    "numpy": (b"\x93NUMPY\1\0v\0{'descr': '<f8'}", "NumPy"),
    "empty": (b"", "truncated"),
    "seven bytes": (b"1234567", "truncated"),
    "huge header": (b"\xff" * 7 + b"\x7f{" + b" " * 99, "truncated or damaged"),
    "no json": (b"\x05\0\0\0\0\0\0\0{12345", "damaged"),
    "a list": (b"\x02\0\0\0\0\0\0\0[]", "not names"),
    "no tensors": (b"\x02\0\0\0\0\0\0\0{}", "where tensors lie"),
    "deep": ((200_000).to_bytes(8, "little") + b'{"a":' * 40_000, "damaged"),
}


@pytest.mark.parametrize(("content", "words"), DAMAGED.values(), ids=DAMAGED)
def test_case_46_a_file_that_is_something_else(folder, content, words):
    (folder / "model.safetensors").write_bytes(content)
    with pytest.raises(ValueError, match=r"model\.safetensors is ") as caught:
        load_gpt2(folder)
    assert words in str(caught.value)


@pytest.mark.parametrize("protocol", range(2, 6))
def test_case_46_a_pickle_is_not_run(folder, protocol):
    trace = folder / "trace"
    (folder / "model.safetensors").write_bytes(pickle.dumps(Bomb(trace), protocol))
    with pytest.raises(ValueError, match="is a pickle"):
        load_gpt2(folder)
    assert not trace.exists()


@pytest.mark.parametrize("suffix", [".bin", ".pt", ".pth", ".pkl", ".ckpt", ".npz", ".npy", ".h5"])
def test_case_46_other_formats_are_refused_by_name(tmp_path, suffix):
    path = tmp_path / f"model{suffix}"
    path.mkdir()  # so that opening it would be another error
    with pytest.raises(ValueError, match="is not opened"):
        read_weights(path)


def test_case_46_an_npz_bomb_is_not_unpacked(folder):
    zipped(folder / "model.safetensors", "wte.weight.npy", size=10**8)
    with pytest.raises(ValueError, match="zip archive"):
        load_gpt2(folder)


def test_case_46_a_folder_with_a_pickle_only(folder):
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Bomb(folder / "trace")))
    with pytest.raises(FileNotFoundError, match=r"pytorch_model\.bin, which is not opened"):
        load_gpt2(folder)
    assert not (folder / "trace").exists()


SETTINGS = {
    "lfs": (POINTER, "Git-LFS pointer"),
    "html": (b"<html>", "HTML"),
    "cut": (b'{"n_embd": 24,', "damaged"),
    "a list": (b"[1]", "not names"),
    "latin": (b'{"\xff": 1}', "damaged"),
    "nested": (b"[" * 100_000, "damaged"),
    "nothing": (b"{}", "config.json lacks activation_function, layer_norm_epsilon, n_embd"),
}


@pytest.mark.parametrize(("content", "words"), SETTINGS.values(), ids=SETTINGS)
def test_case_45_damaged_settings(folder, content, words):
    (folder / "config.json").write_bytes(content)
    with pytest.raises(ValueError, match=words):
        load_gpt2(folder)


VARIANTS = [
    ({"model_type": "gptj"}, "model_type = 'gptj'"),
    ({"scale_attn_weights": False}, "scale_attn_weights = False"),
    ({"scale_attn_by_inverse_layer_idx": True}, "scale_attn_by_inverse_layer_idx = True"),
    ({"add_cross_attention": True}, "add_cross_attention = True"),
    ({"activation_function": "swish"}, "the activation must be one of gelu_new"),
    ({"n_head": 5}, "the remainder is 4"),
    ({"n_head": 0}, "n_heads must be at least 1"),
    ({"n_embd": "24"}, "d_model must be an int"),
    ({"layer_norm_epsilon": -1}, "norm_eps must be positive"),
    ({"n_layer": 4}, "missing: h.3.ln_1.weight"),
    ({"n_layer": 2}, "extra: h.2.attn"),
    ({"vocab_size": 38}, r"wte.weight \(37, 24\) instead of \(38, 24\)"),
    ({"n_inner": 48}, r"\(24, 96\) instead of \(24, 48\)"),
]


@pytest.mark.bad_input
@pytest.mark.parametrize(("changes", "words"), VARIANTS)
def test_case_44_settings_of_another_model(folder, changes, words):
    settings = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(settings | changes))
    with pytest.raises((ValueError, TypeError), match=words):
        load_gpt2(folder)


def test_a_given_config_stands_for_the_file(folder, config):
    ids, expected = random_ids(1, 9), load_gpt2(folder)
    (folder / "config.json").unlink()
    checks.same(load_gpt2(folder, config)(ids), expected(ids), 0)
    with pytest.raises(FileNotFoundError, match=r"config\.json"):
        load_gpt2(folder)


def test_a_manifest_that_does_not_list_the_file(folder):
    (folder / "SHA256SUMS").write_text("00  other.safetensors\n")
    with pytest.raises(ValueError, match=r"does not list model\.safetensors"):
        load_gpt2(folder)


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
    "untied": ({}, {"config": small(tie_embeddings=False)}, ValueError, "config.tie_embeddings"),
    "scaled": ({}, {"config": small(scale_embeddings=True)}, ValueError, "scale_embeddings"),
}


@pytest.mark.bad_input
@pytest.mark.parametrize("load", [load_gpt2, load_bert])
@pytest.mark.parametrize(
    ("source", "named", "error", "words"), BAD_SOURCES.values(), ids=BAD_SOURCES
)
def test_bad_sources(refused, load, source, named, error, words):
    if isinstance(config := named.get("config"), type(small())) and load is load_bert:
        named = named | {"config": small_bert(config)}
    with refused(error, load.__name__, words):
        load(source, **named)


def small_bert(config):
    from dataclasses import replace

    return replace(config, norm_first=False, n_segments=2)


@pytest.mark.bad_input
def test_configs_of_the_other_family(refused):
    with refused(ValueError, "load_gpt2", "config.norm_first must be True"):
        load_gpt2({}, small(norm_first=False))
    with refused(ValueError, "load_bert", "config.norm_first must be False"):
        load_bert({}, small())


def test_only_what_was_published_is_saved_again(gpt_folder, tmp_path, hf_gpt):
    """Round trip: our own state dict in a file, loaded into a fresh model."""
    model = load_gpt2(gpt_folder)
    state = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    save_file(state, tmp_path / "ours.safetensors")
    again = type(model)(model.config).double().eval()
    again.load_state_dict(read_weights(tmp_path / "ours.safetensors"))
    ids = random_ids(2, 9)
    checks.same(again(ids), hf_gpt(ids).logits)
