"""The files of GPT-2's tokenizer: all forms are one."""

import json
import shutil

from transformers import GPT2TokenizerFast

from attention_book.tokens import GPT2Tokens
from attention_book.tokens.vocabulary import LETTERS

from .folders import changed
from .texts import CODE, END, SENTENCE, TEXT, mixtures


def test_the_letters_are_those_of_hugging_face(trained):
    ids = [[trained.token_to_id(letter)] for letter in LETTERS]
    halves = GPT2Tokens(trained.get_vocab(), json.loads(trained.to_str())["model"]["merges"])
    assert [halves.pieces[i] for [i] in ids] == [bytes([byte]) for byte in range(256)]
    assert len(set(LETTERS)) == 256


def test_all_forms_are_one_tokenizer(one, two, both, tmp_path_factory):
    old = tmp_path_factory.mktemp("old")
    changed(one, old, "model", "merges", value=lambda merges: list(map(" ".join, merges)))
    windows = shutil.copytree(two, tmp_path_factory.mktemp("windows"), dirs_exist_ok=True)
    lines = (two / "merges.txt").read_bytes()
    (windows / "merges.txt").write_bytes(lines.replace(b"\n", b"\r\n"))
    bare = shutil.copytree(two, tmp_path_factory.mktemp("bare"), dirs_exist_ok=True)
    (bare / "merges.txt").write_bytes(lines.partition(b"\n")[2].removesuffix(b"\n"))
    expected = GPT2Tokens.load(one)
    for folder in (two, both, old, windows, bare):
        tokens = GPT2Tokens.load(str(folder))
        assert tokens.pieces == expected.pieces
        assert tokens.encode(TEXT + CODE + END) == expected.encode(TEXT + CODE + END)


def test_what_transformers_saves_is_read(two, tmp_path):
    GPT2TokenizerFast.from_pretrained(two).save_pretrained(tmp_path)
    assert GPT2Tokens.load(tmp_path).encode(TEXT) == GPT2Tokens.load(two).encode(TEXT)


def test_a_special_token_that_no_file_has_gets_the_next_id(two, tmp_path):
    vocabulary = json.loads((two / "vocab.json").read_text(encoding="utf-8"))
    del vocabulary[END]
    (tmp_path / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    shutil.copy(two / "merges.txt", tmp_path)
    ids = GPT2Tokens.load(tmp_path).encode(f"a{END}b")
    assert ids[1] == len(vocabulary)
    assert ids == GPT2TokenizerFast.from_pretrained(tmp_path)(f"a{END}b")["input_ids"]


def test_added_tokens_are_found_as_by_hugging_face(two, tmp_path):
    theirs = GPT2TokenizerFast.from_pretrained(two)
    theirs.add_special_tokens({"pad_token": "<pad>"})
    theirs.add_tokens(["   ", "<pad+>", "robot", "robots", "é", "机器"])
    theirs.save_pretrained(tmp_path)
    tokens = GPT2Tokens.load(tmp_path)
    assert len(tokens) == len(theirs)
    texts = [*mixtures(300), "<pad>", "<pad+>", "a     robots", "é机器人", CODE, TEXT]
    for text in [" <pad>".join(texts[i : i + 3]) for i in range(300)] + texts:
        ids = tokens.encode(text)
        assert ids == theirs(text)["input_ids"]
        assert tokens.decode(ids) == theirs.decode(ids, clean_up_tokenization_spaces=False)


def test_added_tokens_of_a_file_of_their_own(two, tmp_path):
    shutil.copytree(two, tmp_path, dirs_exist_ok=True)
    n = len(GPT2Tokens.load(two))
    added = json.dumps({"<pad>": n, "<mask>": n + 1})
    (tmp_path / "added_tokens.json").write_text(added, encoding="utf-8")
    theirs = GPT2TokenizerFast.from_pretrained(tmp_path)
    for text in ("a<pad>b", "<mask> <pad>s", SENTENCE):
        assert GPT2Tokens.load(tmp_path).encode(text) == theirs(text)["input_ids"]
