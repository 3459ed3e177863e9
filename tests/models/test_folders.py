import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

from attention_book import checks
from attention_book.models.files import digest
from attention_book.models.folders import read_folder
from attention_book.models.pretrained import load, load_gpt2

from .drawn import EVERY_FORM, in_shards, published, random_ids, small_bert, small_gpt


@pytest.fixture(scope="module")
def gpt(hf):
    return small_gpt(hf)


@pytest.fixture(scope="module")
def bert(hf):
    return small_bert(hf)


@pytest.mark.parametrize("form", EVERY_FORM)
def test_case_67_gpt2_in_every_form(gpt, form, tmp_path):
    ids = random_ids(2, 20)
    checks.same(load(published(tmp_path, gpt, form))(ids), gpt(ids).logits)


@pytest.mark.parametrize("form", EVERY_FORM)
def test_case_67_bert_in_every_form(bert, form, tmp_path):
    ids, segments = random_ids(2, 20), random_ids(2, 20, vocabulary=2)
    ours, theirs = load(published(tmp_path, bert, form)), bert(ids, token_type_ids=segments)
    hidden = ours(ids, segments=segments)
    checks.same(ours.logits(hidden), theirs.prediction_logits)
    pooled = bert.bert(ids, token_type_ids=segments).pooler_output
    checks.same(ours.pooled(hidden), pooled)


@pytest.mark.parametrize("form", ["their shards", "our shards", "bins"])
def test_the_forms_in_shards_are_in_shards(gpt, form, tmp_path):
    published(tmp_path, gpt, form)
    kinds = {".bin" if form == "bins" else ".safetensors"}
    shards = [path for path in tmp_path.iterdir() if path.suffix in kinds]
    assert len(shards) > 2


@pytest.mark.parametrize("form", EVERY_FORM)
def test_a_model_from_any_form_owns_its_memory(gpt, form, tmp_path):
    model, ids = load_gpt2(published(tmp_path, gpt, form)), random_ids(1, 9)
    expected = model(ids)
    for path in tmp_path.iterdir():
        path.write_bytes(bytes(path.stat().st_size))
        path.unlink()
    checks.same(model(ids), expected, 0)
    places = [p.untyped_storage().data_ptr() for p in model.parameters()]
    assert len(set(places)) == len(places)


@pytest.fixture
def several(gpt, tmp_path):
    """A folder in shards, and their names."""
    gpt.config.save_pretrained(tmp_path)
    return tmp_path, in_shards(tmp_path, gpt.state_dict())


def test_safetensors_come_before_pickles_and_whole_files_before_shards(several, gpt):
    folder, _ = several
    (folder / "pytorch_model.bin").write_bytes(b"not read")
    assert read_folder(folder).keys() == gpt.state_dict().keys()
    save_file({"a": torch.ones(2)}, folder / "model.safetensors")
    assert list(read_folder(folder)) == ["a"]


def test_a_shard_that_is_not_there_is_found_before_any_is_read(several):
    folder, shards = several
    (folder / shards[0]).write_bytes(b"not read")
    (folder / shards[2]).unlink()
    with pytest.raises(FileNotFoundError, match=f"there is no file .*{shards[2]}"):
        read_folder(folder)


def with_index(folder, change):
    path = folder / "model.safetensors.index.json"
    index = json.loads(path.read_text("utf-8"))
    change(index)
    path.write_text(json.dumps(index), "utf-8")


def test_every_shard_is_checked(several):
    folder, shards = several
    path = folder / shards[1]
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    with pytest.raises(ValueError, match=f"{shards[1]} is truncated"):
        read_folder(folder)
    path.write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(ValueError, match=f"{shards[1]} is a Git-LFS pointer"):
        read_folder(folder)
    sums = {shard: digest(folder / shard) for shard in shards}
    path.write_bytes(whole)
    text = "".join(f"{known}  {shard}\n" for shard, known in sums.items())
    (folder / "SHA256SUMS").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=f"{shards[1]} was altered"):
        read_folder(folder)


def test_a_tensor_that_the_index_names_and_no_shard_has(several):
    folder, shards = several
    with_index(folder, lambda index: index["weight_map"].update(more=shards[1]))
    with pytest.raises(ValueError, match=f"index.json does not fit {shards[1]}; not there: more"):
        read_folder(folder)


def test_a_tensor_in_two_shards(several):
    folder, shards = several
    first, second = (load_file(folder / shard) for shard in shards[:2])
    name = min(first)
    save_file(second | {name: first[name]}, folder / shards[1])
    with pytest.raises(ValueError, match=f"fit {shards[1]}; there but not in the index for it: "):
        read_folder(folder)


def test_a_shard_that_the_index_forgets_leaves_its_tensors_missing(several):
    folder, shards = several
    places = json.loads((folder / "model.safetensors.index.json").read_text("utf-8"))["weight_map"]
    lost = [name for name, shard in places.items() if shard == shards[0]]
    with_index(folder, lambda index: [index["weight_map"].pop(name) for name in lost])
    with pytest.raises(ValueError, match="the weights are not this model's; missing: "):
        load_gpt2(folder)


OUTSIDE = [
    "../{}",
    "/etc/{}",
    "..\\{}",
    "C:{}",
    "sub/{}",
    "{}/../{}",
    "",
    ".safetensors/x",
    3,
    None,
]
OUTSIDE += [["{}"], "model.bin", "{}\n", "{}\0"]


@pytest.mark.parametrize("shard", OUTSIDE, ids=repr)
def test_shards_outside_of_the_folder_are_not_opened(several, shard):
    folder, (first, *_) = several
    shutil.copy(folder / first, folder.parent / first)
    name = shard.replace("{}", first) if isinstance(shard, str) else shard
    with_index(folder, lambda index: index["weight_map"].update(more=name))
    with pytest.raises(ValueError, match="no such file beside it; nothing was opened"):
        read_folder(folder)


@pytest.mark.parametrize("index", [{}, {"weight_map": {}}, {"weight_map": ["a"]}], ids=repr)
def test_an_index_that_says_nothing(several, index):
    folder, _ = several
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), "utf-8")
    with pytest.raises(ValueError, match="damaged: it has no weight_map"):
        read_folder(folder)


def test_a_digest_is_of_one_file(several):
    folder, _ = several
    with pytest.raises(ValueError, match=r"sha256 is of one file, but .* use SHA256SUMS"):
        load_gpt2(folder, sha256="0" * 64)


def test_a_folder_without_weights_names_what_is_there(several):
    folder, shards = several
    (folder / "model.safetensors.index.json").unlink()
    (folder / "tf_model.h5").write_bytes(b"")
    with pytest.raises(FileNotFoundError, match=f"there is {shards[0]}, .*tf_model.h5, which"):
        read_folder(folder)
    for path in folder.iterdir():
        path.unlink()
    with pytest.raises(FileNotFoundError, match=r"pytorch_model\.bin\.index\.json in .*\w$"):
        read_folder(folder)
