import io
import pickle
import zipfile

import numpy as np
import pytest
import torch

from attention_book.models.pickled import read_pickled
from attention_book.models.pretrained import load_gpt2

from .drawn import in_one_pickle, opens_pickles, published, small_gpt
from .test_files import POINTER, Bomb


@pytest.fixture
def path(tmp_path):
    return tmp_path / "pytorch_model.bin"


@opens_pickles
@pytest.mark.parametrize("how", [{}, {"_use_new_zipfile_serialization": False}])
def test_tensors_come_back(path, how):
    tensors = {"a": torch.arange(6.0).view(2, 3).t(), "中": torch.nn.Parameter(torch.ones(2))}
    in_one_pickle(path.parent, tensors, **how)
    found = read_pickled(path)
    assert found.keys() == tensors.keys()
    assert all(torch.equal(found[name], x) for name, x in tensors.items())


@opens_pickles
@pytest.mark.parametrize("protocol", range(6))
def test_case_46_a_pickle_is_not_run(path, protocol):
    trace = path.with_name("trace")
    path.write_bytes(pickle.dumps({"a": Bomb(trace)}, protocol))
    with pytest.raises(ValueError, match=r"pytorch_model\.bin is refused .*nothing was run; get"):
        read_pickled(path)
    assert not trace.exists()


@opens_pickles
@pytest.mark.parametrize("new", [True, False])
def test_case_46_a_program_among_the_tensors_is_named_and_not_run(path, new):
    trace = path.with_name("trace")
    hidden = {"a": torch.ones(2), "b": Bomb(trace)}
    torch.save(hidden, path, _use_new_zipfile_serialization=new)
    with pytest.raises(ValueError, match=r"GLOBAL \w*\.open\)") as caught:
        read_pickled(path)
    assert "allowlist" not in str(caught.value)  # PyTorch's own advice
    assert not trace.exists()
    torch.load(path, weights_only=False)["b"].close()
    assert trace.exists()  # it would have run


@opens_pickles
def test_case_46_an_archive_that_swells_is_not_unpacked(path):
    plain, packed = io.BytesIO(), io.BytesIO()
    torch.save({"a": torch.zeros(10**6)}, plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    path.write_bytes(packed.getvalue())
    assert torch.load(path, weights_only=True)["a"].numel() == 10**6  # PyTorch unpacks it
    with pytest.raises(ValueError, match="BadZipFile"):
        read_pickled(path)


NO_TENSORS = {
    "a list": [torch.ones(2)],
    "one tensor": torch.ones(2),
    "a state of training": {"model": {"a": torch.ones(2)}, "step": 3},
    "numbered": {0: torch.ones(2)},
}


@opens_pickles
@pytest.mark.parametrize("held", NO_TENSORS.values(), ids=NO_TENSORS)
def test_anything_but_tensors_by_name_is_refused(path, held):
    torch.save(held, path)
    with pytest.raises(ValueError, match="something else than tensors by name"):
        read_pickled(path)


@opens_pickles
def test_case_45_200_truncations(path):
    in_one_pickle(path.parent, {"a": torch.ones(500), "b": torch.ones(3)})
    whole = path.read_bytes()
    for end in np.random.default_rng(0).integers(len(whole), size=200):
        path.write_bytes(whole[:end])
        with pytest.raises(ValueError, match="it is damaged"):
            read_pickled(path)


DAMAGED = {"lfs": POINTER, "html": b"<html></html>", "gzip": b"\x1f\x8b\x08\0\0\0\0\0"}
DAMAGED |= {"numpy": b"\x93NUMPY\1\0v\0{'descr': '<f8'}", "empty": b"", "text": b"weights"}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_case_46_a_file_that_is_something_else(path, content):
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"pytorch_model\.bin is "):
        read_pickled(path)


def test_a_file_with_another_digest_is_not_opened(path):
    trace = path.with_name("trace")
    path.write_bytes(pickle.dumps(Bomb(trace)))
    with pytest.raises(ValueError, match="was altered"):
        read_pickled(path, "0" * 64)
    path.with_name("SHA256SUMS").write_text(f"{'0' * 64}  {path.name}\n", "utf-8")
    with pytest.raises(ValueError, match="was altered"):
        read_pickled(path)


def test_versions_of_pytorch_whose_reader_is_not_safe_open_nothing(hf, tmp_path, monkeypatch):
    folder = published(tmp_path, small_gpt(hf), "bin")
    for version in ("2.5.1+cpu", "2.9.1"):
        monkeypatch.setattr(torch, "__version__", version)
        with pytest.raises(ValueError, match=r"not opened by torch 2\..*update torch to 2\.10"):
            load_gpt2(folder)


@opens_pickles
def test_later_versions_of_pytorch_are_safe(hf, tmp_path, monkeypatch):
    monkeypatch.setattr(torch, "__version__", "2.10.0a0+git")
    load_gpt2(published(tmp_path, small_gpt(hf), "bin"))
