import hashlib
import shutil

import numpy as np
import pytest
import torch

import tools.weights
from attention_book import Config, checks, generate, weights
from attention_book.models import GPT
from attention_book.tasks import pronouns, roman
from attention_book.train.states import put_tensors, tensors_of
from tools import again, skills
from tools.weights import RECIPES

NAMES = sorted(RECIPES)
QUICK = ["pronouns-1-head", "neighbors-2-heads"]


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A copy of the weights that may be spoiled."""
    folder = shutil.copytree(weights.FOLDER, tmp_path / "weights")
    monkeypatch.setattr(weights, "FOLDER", folder)
    return folder


def test_there_is_a_recipe_for_every_file_and_a_file_for_every_recipe():
    files = {path.stem for path in weights.FOLDER.glob("*.safetensors")}
    assert files == set(weights.manifest()) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_manifest_tells_the_truth(name):
    entry = weights.manifest()[name]
    data = (weights.FOLDER / entry["file"]).read_bytes()
    assert (len(data), hashlib.sha256(data).hexdigest()) == (entry["bytes"], entry["sha256"])
    assert len(data) <= 500_000
    assert {**entry, **RECIPES[name].entry(name)} == entry


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_weights_have_the_skill(name):
    RECIPES[name].prove(weights.load(name))


def test_numerals_that_a_model_writes_wrong_are_counted():
    assert skills.wrong_numerals(weights.load("roman")) == [0, 0]
    untrained = weights.build(weights.manifest()["roman"]).eval()
    assert skills.wrong_numerals(untrained) == [208, 207]


def test_ten_seeds_are_noted_and_stay_when_the_model_is_trained_again(elsewhere, monkeypatch):
    monkeypatch.setattr(tools.weights, "FOLDER", elsewhere)
    assert len(weights.manifest()["roman"]["again"]) == len(again.SEEDS)
    tools.weights.enter("roman", {"bytes": 1})
    entry = weights.manifest()["roman"]
    assert entry["bytes"] == 1
    assert len(entry["again"]) == len(again.SEEDS)


@pytest.mark.parametrize("name", QUICK)
def test_the_recipe_gives_the_skill(name):
    RECIPES[name].train(name)


@pytest.mark.parametrize("name", NAMES)
def test_an_untrained_model_has_no_skill(name):
    with pytest.raises(SystemExit, match="did not learn what it promises"):
        RECIPES[name].prove(weights.build(weights.manifest()[name]).eval())


def test_one_head_is_told_from_two():
    with pytest.raises(SystemExit, match="one neighbor"):
        skills.knows_one_neighbor(weights.load("neighbors-2-heads"))
    with pytest.raises(SystemExit, match="both neighbors"):
        skills.knows_both_neighbors(weights.load("neighbors-1-head"))


def test_loading_is_deterministic_and_leaves_global_chance_alone():
    before = torch.get_rng_state()
    first, again = (tensors_of(weights.load("roman")) for _ in range(2))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not weights.load("roman").training


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("pronouns")])
def test_the_law_is_continued_word_by_word(name):
    model = weights.load(name)
    law = torch.tensor([pronouns.tokens.encode(pronouns.SENTENCE)])
    said, rest = law.split([pronouns.PLACE + 1, pronouns.LENGTH - pronouns.PLACE - 1], dim=1)
    assert torch.equal(torch.stack(list(generate(model, said, rest.shape[1])), dim=1), rest)
    checks.causal(model, law)


def test_numbers_never_seen_are_written_digit_by_digit():
    model, numbers = weights.load("roman"), roman.held_out_numbers()[:50]
    inputs, _ = roman.pose(np.stack([roman.source(number) for number in numbers]))
    sources, target, mask = map(torch.from_numpy, inputs.values())
    steps = generate(model.reading(sources, source_mask=mask), target[:, :1], 5, end=roman.END)
    rows = torch.stack(list(steps), dim=1).tolist()
    written = [roman.tokens.decode(row).split(" <end>")[0].replace(" ", "") for row in rows]
    assert written == [str(number) for number in numbers]


@pytest.mark.bad_input
@pytest.mark.parametrize("name", ["", "roman.safetensors", "../roman", None, 3])
def test_an_unknown_name(name):
    words = f"weights.load: name must be one of .*neighbors-1-head, .*, roman.*, got {name!r}"
    with pytest.raises(ValueError, match=words):
        weights.load(name)


DAMAGES = {
    "Git-LFS pointer": lambda data: b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
    "HTML": lambda data: b"<!DOCTYPE html>\n<title>Not found</title>",
    "truncated": lambda data: data[:-1],
    "altered": lambda data: data[:-1] + bytes([data[-1] ^ 128]),
    "altered: it has 23,089": lambda data: data + b"\0",
    "pickle": lambda data: b"\x80\x04K\x01.",
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_case_45_a_damaged_file_is_named(elsewhere, kind):
    path = elsewhere / "neighbors-2-heads.safetensors"
    path.write_bytes(DAMAGES[kind](path.read_bytes()))
    with pytest.raises(ValueError, match=rf"neighbors-2-heads\.safetensors (is|was) (an? )?{kind}"):
        weights.load("neighbors-2-heads")


def test_case_45_a_missing_file(elsewhere):
    (elsewhere / "roman.safetensors").unlink()
    with pytest.raises(FileNotFoundError, match=r"roman\.safetensors"):
        weights.load("roman")


def test_case_44_tensors_of_another_model():
    sizes = {"vocab_size": 5, "max_len": 4, "d_model": 4, "n_heads": 1, "n_layers": 1}
    model = GPT(Config(**sizes))
    tensors = {name: tensor + 1 for name, tensor in tensors_of(model).items()}
    before = {name: tensor.clone() for name, tensor in tensors_of(model).items()}
    tensors["surplus"] = tensors.pop("norm.bias")
    tensors["norm.weight"] = tensors["norm.weight"].double()
    words = r"missing: norm\.bias; unknown: surplus; of another kind: norm\.weight \(torch\.float64"
    with pytest.raises(ValueError, match=words):
        put_tensors("load", model, tensors)
    assert all(torch.equal(before[name], tensor) for name, tensor in tensors_of(model).items())
