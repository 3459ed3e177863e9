import json

import pytest

from attention_book.tokens import ByteBPE, Characters, Words

from .texts import SENTENCE, TEXT

ALL = [ByteBPE.train(TEXT, 50), Characters.train(TEXT), Words.train(SENTENCE)]


@pytest.mark.parametrize("tokens", ALL)
def test_saved_and_loaded_is_the_same_and_plain_json(tokens, tmp_path):
    tokens.save(tmp_path / "tokens.json")
    saved = json.loads((tmp_path / "tokens.json").read_text(encoding="ascii"))
    assert saved["kind"] == type(tokens).__name__
    loaded = type(tokens).load(str(tmp_path / "tokens.json"))
    assert loaded.encode(SENTENCE) == tokens.encode(SENTENCE)
    assert len(loaded) == len(tokens)
    assert [path.name for path in tmp_path.iterdir()] == ["tokens.json"]


def test_what_cannot_be_saved_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "tokens.json"
    ByteBPE([(97, 98)]).save(path)
    before, broken = path.read_bytes(), Words(["a"])
    broken.pieces.append(object())
    with pytest.raises(TypeError):
        broken.save(path)
    assert path.read_bytes() == before


DAMAGED = {
    b"": "tokens.json is damaged",
    b"{": "tokens.json is damaged",
    b"[]": "tokens.json is damaged",
    b"null": "tokens.json is damaged",
    b"{}": 'tokens.json must hold "kind": "ByteBPE" and "merges"',
    b'{"kind": "ByteBPE"}': 'tokens.json must hold "kind"',
    b'{"kind": "Words", "pieces": []}': 'tokens.json must hold "kind"',
    b'{"merges": []}': 'tokens.json must hold "kind"',
    b"<!DOCTYPE html>": "tokens.json is an HTML or XML page",
    b"\xff\xfe": "tokens.json is damaged",
    b"\x80\x04\x95": "tokens.json is a pickle",
    b"[" * 100_000: "tokens.json is damaged",
    b"version https://git-lfs.github.com/spec/v1": "tokens.json is a Git-LFS pointer",
}


@pytest.mark.bad_input
@pytest.mark.parametrize("content", DAMAGED)
def test_case_45_a_damaged_file_is_named(tmp_path, content):
    (tmp_path / "tokens.json").write_bytes(content)
    with pytest.raises(ValueError, match=r"^ByteBPE.load: ") as caught:
        ByteBPE.load(tmp_path / "tokens.json")
    assert DAMAGED[content] in str(caught.value)


@pytest.mark.bad_input
def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no file .*tokens\.json"):
        Words.load(tmp_path / "tokens.json")


@pytest.mark.bad_input
@pytest.mark.parametrize("merges", [b"3", b"[[1]]", b'[["a", 2]]', b"[[1, 999]]", b"null"])
def test_case_45_a_file_with_bad_merges_is_refused(tmp_path, merges):
    (tmp_path / "tokens.json").write_bytes(b'{"kind": "ByteBPE", "merges": ' + merges + b"}")
    with pytest.raises((ValueError, TypeError, IndexError), match="ByteBPE"):
        ByteBPE.load(tmp_path / "tokens.json")
