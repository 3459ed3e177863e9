import contextlib
import json
import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import attention_book
from attention_book import checks
from attention_book.models.files import digest, read_settings, read_weights
from attention_book.models.pretrained import load_gpt2

from .drawn import random_ids

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 548105171\n"
MAPS, STATUS = Path("/proc/self/maps"), Path("/proc/self/status")


@pytest.fixture
def path(folder):
    return folder / "model.safetensors"


def test_case_45_200_truncations(path):
    whole = path.read_bytes()
    for end in np.random.default_rng(0).integers(len(whole), size=200):
        path.write_bytes(whole[:end])
        with pytest.raises(ValueError, match="truncated"):
            read_weights(path)


def test_case_45_a_tail_is_not_ignored(path):
    with path.open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ValueError, match="altered: it has"):
        read_weights(path)


@pytest.mark.parametrize("how", ["argument", "manifest"])
def test_case_45_200_bit_flips(path, how):
    known, whole = digest(path), path.read_bytes()
    if how == "manifest":
        path.with_name("SHA256SUMS").write_text(f"{known}  model.safetensors\n", "utf-8")
    sha256 = known.upper() if how == "argument" else None
    read_weights(path, sha256)
    for bit in np.random.default_rng(0).integers(8 * len(whole), size=200):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        with pytest.raises(ValueError, match=r"altered|damaged|truncated"):
            read_weights(path, sha256)


def test_case_45_every_bit_of_the_header_without_a_known_digest(folder, path, hf_gpt):
    """A changed header is refused, unless it means the same or lies in the remark."""
    whole = path.read_bytes()
    length, ids = 8 + int.from_bytes(whole[:8], "little"), random_ids(1, 20)
    for bit in np.random.default_rng(1).integers(8 * length, size=200):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        with contextlib.suppress(ValueError):
            checks.same(load_gpt2(folder)(ids), hf_gpt(ids).logits)


def zipped(path, name="x", size=0):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, bytes(size))


class Bomb:
    """A pickle that leaves a trace when it is opened."""

    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return open, (str(self.trace), "w")


def with_header(text, data=b""):
    return len(text).to_bytes(8, "little") + text.encode() + data


def entry(dtype="F32", shape=(2,), offsets=(0, 8)):
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


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
    "a list": (with_header("[]"), "not names"),
    "no tensors": (with_header("{}"), "where tensors lie"),
    "deep": ((200_000).to_bytes(8, "little") + b'{"a":' * 40_000, "damaged"),
}
ENTRIES = {
    "a number": 3,
    "no shape": {"dtype": "F32", "data_offsets": [0, 8]},
    "unknown type": entry("F4"),
    "a type of another size": entry("F64"),
    "a shape of another size": entry(shape=[3]),
    "half a row": entry(shape=[2.0]),
    "no length": entry(shape=["2"]),
    "below zero": entry(shape=[-1, -2]),
    "behind a hole": entry(offsets=[1, 9]),
    "one offset": entry(offsets=[8]),
    "offsets as text": entry(offsets="08"),
}


@pytest.mark.parametrize(("content", "words"), DAMAGED.values(), ids=DAMAGED)
def test_case_46_a_file_that_is_something_else(path, content, words):
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"model\.safetensors is ") as caught:
        read_weights(path)
    assert words in str(caught.value)


@pytest.mark.parametrize("wrong", ENTRIES.values(), ids=ENTRIES)
def test_case_45_headers_that_do_not_say_where_tensors_lie(path, wrong):
    path.write_bytes(with_header(json.dumps({"a": entry()}), bytes(8)))
    assert torch.equal(read_weights(path)["a"], torch.zeros(2))
    path.write_bytes(with_header(json.dumps({"a": wrong}), bytes(8)))
    with pytest.raises(ValueError, match="where tensors lie"):
        read_weights(path)


def test_case_45_tensors_that_share_bytes(path):
    path.write_bytes(with_header(json.dumps({"a": entry(), "b": entry()}), bytes(8)))
    with pytest.raises(ValueError, match="where tensors lie"):
        read_weights(path)


@pytest.mark.parametrize("protocol", range(2, 6))
def test_case_46_a_pickle_is_not_run(path, protocol):
    trace = path.with_name("trace")
    path.write_bytes(pickle.dumps(Bomb(trace), protocol))
    with pytest.raises(ValueError, match="is a pickle"):
        read_weights(path)
    assert not trace.exists()


@pytest.mark.parametrize("suffix", [".bin", ".pt", ".pth", ".pkl", ".ckpt", ".npz", ".npy", ".h5"])
def test_case_46_other_formats_are_refused_by_name(tmp_path, suffix):
    path = tmp_path / f"model{suffix}"
    path.mkdir()  # so that opening it would be another error
    with pytest.raises(ValueError, match="is not opened"):
        read_weights(path)


def test_case_46_an_npz_bomb_is_not_unpacked(path):
    zipped(path, "wte.weight.npy", size=10**6)
    with pytest.raises(ValueError, match="zip archive"):
        read_weights(path)


SETTINGS = {
    "lfs": (POINTER, "Git-LFS pointer"),
    "html": (b"<html>", "HTML"),
    "cut": (b'{"n_embd": 24,', "damaged"),
    "a list": (b"[1]", "not names"),
    "latin": (b'{"\xff": 1}', "damaged"),
    "nested": (b"[" * 100_000, "damaged"),
}


@pytest.mark.parametrize(("content", "words"), SETTINGS.values(), ids=SETTINGS)
def test_case_45_damaged_settings(folder, content, words):
    (folder / "config.json").write_bytes(content)
    with pytest.raises(ValueError, match=words):
        load_gpt2(folder)


def test_files_that_are_not_there(tmp_path):
    for read in (read_weights, read_settings):
        with pytest.raises(FileNotFoundError, match=r"there is no file .*none"):
            read(tmp_path / "none")


def test_a_manifest_that_does_not_list_the_file(path):
    path.with_name("SHA256SUMS").write_text("00  other.safetensors\n", "utf-8")
    with pytest.raises(ValueError, match=r"does not list model\.safetensors"):
        read_weights(path)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_floats_are_read_as_safetensors_reads_them(tmp_path, dtype):
    drawn = torch.randn(3, 5, generator=torch.Generator().manual_seed(0)).to(dtype)
    same_as_safetensors(tmp_path / "x", {"a": drawn, "b": drawn[0, 0].clone(), "c": drawn[:0]})


@pytest.mark.parametrize("dtype", [torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8])
def test_integers_and_truths_are_read_as_safetensors_reads_them(tmp_path, dtype):
    counted = torch.arange(-3, 3).to(dtype)
    tensors = {"z": counted, "a": counted > 0, "ünï 中": counted[1:].clone()}
    same_as_safetensors(tmp_path / "x", tensors)


def same_as_safetensors(path, tensors):
    save_file(tensors, path, metadata={"format": "pt"})
    ours, theirs = read_weights(path), load_file(path)
    assert ours.keys() == theirs.keys() == tensors.keys()
    for name, x in tensors.items():
        assert ours[name].dtype == x.dtype
        assert ours[name].shape == x.shape
        assert torch.equal(ours[name], theirs[name])
        assert torch.equal(ours[name], x)


def test_case_61_tensors_stay_when_their_file_is_written_anew_or_removed(tmp_path):
    path = tmp_path / "x.safetensors"
    save_file({"a": torch.ones(100_000)}, path)
    tensors = read_weights(path)
    with path.open("r+b") as file:  # into the same bytes on the disk, which a map would show
        file.write(bytes(path.stat().st_size))
    assert torch.equal(tensors["a"], torch.ones(100_000))
    save_file({"a": tensors["a"] + 1}, path)
    assert torch.equal(read_weights(path)["a"], torch.full((100_000,), 2.0))
    path.unlink()
    assert torch.equal(tensors["a"], torch.ones(100_000))


@pytest.mark.skipif(not MAPS.exists(), reason="only Linux lists what a process has mapped")
def test_case_61_no_file_stays_mapped(folder, tmp_path):
    model = load_gpt2(folder)
    assert str(tmp_path) not in MAPS.read_text("utf-8")
    theirs = load_file(folder / "model.safetensors")
    assert str(tmp_path) in MAPS.read_text("utf-8")  # as the test would see it
    assert len(theirs) > len(list(model.children()))


def in_memory(what):
    lines = STATUS.read_text("utf-8").splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(what))


@pytest.mark.skipif(not STATUS.exists(), reason="only Linux tells the most memory that was used")
def test_reading_takes_the_memory_of_the_tensors_once(tmp_path):
    path = tmp_path / "x.safetensors"
    save_file({f"{i}": torch.zeros(2**20) for i in range(32)}, path)
    STATUS.with_name("clear_refs").write_text("5", "utf-8")  # forget the most so far
    before = in_memory("VmRSS")
    tensors = read_weights(path)
    assert in_memory("VmHWM") - before < 1.3 * path.stat().st_size
    assert len(tensors) == 32


READING = """
import sys
from attention_book import weights
from attention_book.models.pretrained import load
load(sys.argv[1])
assert "torch._dynamo" not in sys.modules, "the compiler was loaded, which takes seconds"
weights.load("roman")
"""


def test_case_62_a_fresh_process_reads_utf_8_and_needs_no_compiler(folder):
    settings = read_settings(folder / "config.json") | {"_note": "ünï 中"}
    (folder / "config.json").write_text(json.dumps(settings, ensure_ascii=False), "utf-8")
    sums = f"{digest(folder / 'model.safetensors')}  model.safetensors\n{'0' * 64}  中.txt\n"
    (folder / "SHA256SUMS").write_text(sums, "utf-8")
    strict = ["-X", "warn_default_encoding", "-W", "error::EncodingWarning"]
    plain = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    plain["PYTHONPATH"] = str(Path(attention_book.__file__).parents[1])
    command = [sys.executable, *strict, "-c", READING, folder]
    subprocess.run(command, check=True, env=os.environ | plain)
