"""What a run leaves on disk, and what it refuses to go on from."""

import json
import os
import pathlib
import pickle

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from attention_book.train import fit
from attention_book.train.states import tensors_of

from .runs import TASK, Interrupted, gpt, interrupting, line, points, same_model


def test_what_is_done_is_not_done_again(tmp_path):
    first, again = gpt(), gpt()
    history = fit(first, TASK, 6, checkpoint=tmp_path)
    files = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert fit(again, TASK, 6, checkpoint=tmp_path, loss=pytest.fail).losses == history.losses
    assert same_model(first, again)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == files


def test_a_checkpoint_is_json_and_one_file_of_tensors(tmp_path):
    fit(gpt(), TASK, 6, every=2, checkpoint=tmp_path)
    assert sorted(os.listdir(tmp_path)) == ["checkpoint.json", "step-6.safetensors"]
    kept = json.loads((tmp_path / "checkpoint.json").read_text("utf-8"))
    assert kept["bytes"] == (tmp_path / "step-6.safetensors").stat().st_size


def test_case_42_tied_tables_stay_tied(tmp_path):
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.table, self.head = nn.Embedding(4, 4), nn.Linear(4, 4, bias=False)
            self.head.weight = self.table.weight

        def forward(self, ids):
            return self.head(self.table(ids))

    first, again = Tied(), Tied()
    fit(first, TASK, 5, checkpoint=tmp_path)
    fit(again, TASK, 5, checkpoint=tmp_path)
    assert again.head.weight is again.table.weight
    assert same_model(first, again)
    assert tensors_of(first).keys() == {"table.weight"}


OTHER_RUNS = {
    "steps was 5 and is 6": {"steps": 6},
    "batch_size was 64 and is 8": {"batch_size": 8},
    "lr was 0.001 and is 1.0": {"lr": 1.0},
    "clip was 1.0 and is None": {"clip": None},
    "seed was 0 and is 1": {"seed": 1},
    "optimizer was 'AdamW' and is 'SGD'": {"optimizer": torch.optim.SGD},
    "parameters was 20 and is 36": {"model": gpt(n_layers=2)},
    "the tensors do not fit the model": {"model": gpt().double()},
    "the first 5 batches of data are not those": {"data": TASK.batches(64, 1)},
}


@pytest.mark.parametrize("words", OTHER_RUNS)
def test_the_checkpoint_of_another_run(tmp_path, words):
    run = {"model": gpt(), "data": TASK, "steps": 5, "checkpoint": tmp_path}
    fit(**run)
    other = run | {"model": gpt()} | OTHER_RUNS[words]
    before = {name: tensor.clone() for name, tensor in tensors_of(other["model"]).items()}
    files = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(ValueError, match=f"fit: .*{words}"):
        fit(**other)
    now = tensors_of(other["model"])
    assert all(torch.equal(before[name], now[name]) for name in before)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == files


DAMAGES = {
    "truncated": lambda data: data[:-10],
    "altered": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "Git-LFS pointer": lambda data: b"version https://git-lfs.github.com/spec/v1\n",
    "HTML": lambda data: b"<!DOCTYPE html><html></html>",
    "a pickle": lambda data: pickle.dumps([1]),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_case_45_a_damaged_checkpoint(tmp_path, name):
    fit(gpt(), TASK, 5, checkpoint=tmp_path)
    path = tmp_path / "step-5.safetensors"
    path.write_bytes(DAMAGES[name](path.read_bytes()))
    model = gpt()
    with pytest.raises(ValueError, match=name):
        fit(model, TASK, 5, checkpoint=tmp_path)
    assert same_model(model, gpt())


@pytest.mark.parametrize(
    "text, words", [("{", "damaged"), ("[]", "damaged"), ("{}", "lacks checksum, file, losses")]
)
def test_case_45_a_damaged_record_of_the_run(tmp_path, text, words):
    (tmp_path / "checkpoint.json").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=words):
        fit(gpt(), TASK, 5, checkpoint=tmp_path)


@pytest.mark.parametrize("call, error", [("replace", KeyboardInterrupt), ("write_bytes", OSError)])
@pytest.mark.parametrize("file", ["step-10.safetensors.draft", "checkpoint.json.draft"])
def test_case_59_an_interrupted_save_leaves_the_one_before(
    tmp_path, monkeypatch, call, file, error
):
    original = getattr(pathlib.Path, call)

    def fails(path, *arguments):
        if path.name == file and (tmp_path / "step-5.safetensors").exists():
            if call == "write_bytes":
                original(path, b"half of it")
            raise error("the disk is full")
        return original(path, *arguments)

    with pytest.raises(Interrupted):
        fit(gpt(), TASK, 12, every=5, checkpoint=tmp_path, loss=interrupting(8))
    monkeypatch.setattr(pathlib.Path, call, fails)
    with pytest.raises(error):
        fit(gpt(), TASK, 12, every=5, checkpoint=tmp_path)
    monkeypatch.undo()
    assert not list(tmp_path.glob("*.draft"))
    resumed, expected = gpt(), gpt()
    fit(resumed, TASK, 12, every=5, checkpoint=tmp_path)
    fit(expected, TASK, 12, every=5)
    assert same_model(resumed, expected)
    assert sorted(os.listdir(tmp_path)) == ["checkpoint.json", "step-12.safetensors"]


@pytest.mark.bad_input
@pytest.mark.parametrize("folder", ["a file", "a file/inside", 3])
def test_a_folder_that_cannot_be_written_is_refused_before_the_first_step(tmp_path, folder):
    (tmp_path / "a file").write_text("", "utf-8")
    model = line()
    with pytest.raises(ValueError, match="fit: checkpoint must be a folder to write in, got "):
        fit(
            model,
            points(2),
            2,
            loss=F.mse_loss,
            checkpoint=folder if folder == 3 else tmp_path / folder,
        )
    assert same_model(model, line())
    assert (tmp_path / "a file").read_text("utf-8") == ""


MAPS = pathlib.Path("/proc/self/maps")


@pytest.mark.skipif(not MAPS.exists(), reason="only Linux lists the files mapped in memory")
def test_case_61_a_resumed_run_keeps_no_old_file_open(tmp_path):
    def look(outputs, targets):
        seen.append(str(tmp_path) in MAPS.read_text("utf-8"))
        return F.mse_loss(outputs, targets)

    seen = []
    run = {"data": points(6), "steps": 6, "every": 2, "checkpoint": tmp_path}
    with pytest.raises(Interrupted):
        fit(line(), **run, loss=interrupting(4, F.mse_loss))
    fit(line(), **run, loss=look)
    assert seen == [False] * 4
