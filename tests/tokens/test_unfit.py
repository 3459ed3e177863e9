"""Files that are not those of GPT-2's tokenizer, or not whole, or not of one."""

import shutil

import pytest

from attention_book.tokens import GPT2Tokens
from attention_book.tokens.vocabulary import LETTERS

from .folders import changed
from .texts import END

OTHERS = {
    ("normalizer",): {"type": "NFC"},
    ("pre_tokenizer",): {"type": "Sequence", "pretokenizers": []},
    ("pre_tokenizer", "add_prefix_space"): True,
    ("pre_tokenizer", "use_regex"): False,
    ("post_processor",): {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0]},
    ("decoder",): None,
    ("model", "type"): "Unigram",
    ("model", "dropout"): 0.1,
    ("model", "continuing_subword_prefix"): "##",
    ("model", "end_of_word_suffix"): "</w>",
    ("model", "byte_fallback"): True,
    ("model", "ignore_merges"): True,
}


@pytest.mark.bad_input
@pytest.mark.parametrize("path", OTHERS, ids=".".join)
def test_tokenizers_of_other_kinds_are_refused(one, tmp_path, path):
    changed(one, tmp_path, *path, value=OTHERS[path])
    with pytest.raises(ValueError, match=rf"says {'.'.join(path)}.* = .*, but GPT-2's is .*Auto"):
        GPT2Tokens.load(tmp_path)


@pytest.mark.bad_input
def test_a_template_that_adds_tokens_is_refused(one, tmp_path):
    template = {"type": "TemplateProcessing", "single": [], "special_tokens": {END: {}}}
    changed(one, tmp_path, "post_processor", value=template)
    with pytest.raises(ValueError, match=r"says post_processor\.special_tokens"):
        GPT2Tokens.load(tmp_path)


WRONG = {
    "a merge of unknown pieces": ("merges", lambda x: [*x, ["机", "a"]], "must join two pieces"),
    "a merge into no piece": ("merges", lambda x: [*x, ["!", "~"]], "must join two pieces"),
    "a merge of three": ("merges", lambda x: [*x, ["a", "b", "c"]], "must join two pieces"),
    "a merge of a number": ("merges", lambda x: [*x, 5], "must join two pieces .* got 5"),
    "merges that stop early": ("merges", lambda x: x[:-3], "no merge makes .* nor 2 other pieces"),
    "no merges": ("merges", None, "has no list model.merges"),
    "no vocabulary": ("vocab", [], "has no dict model.vocab"),
    "a byte without a piece": ("vocab", lambda x: {p: i for p, i in x.items() if p != "a"}, "ids"),
    "an id of two pieces": ("vocab", lambda x: x | {"a": 7}, "the ids must be 0 to"),
    "an id that is no int": ("vocab", lambda x: x | {"a": "7"}, "the ids must be 0 to"),
    "an id that is a list": ("vocab", lambda x: x | {"a": [7]}, "the ids must be 0 to"),
    "an id that is true": (
        "vocab",
        lambda x: x | {next(p for p in x if x[p] == 1): True},
        "the ids",
    ),
}


@pytest.mark.bad_input
@pytest.mark.parametrize("what", WRONG)
def test_vocabularies_and_merges_that_do_not_fit_are_named(one, tmp_path, what):
    name, value, words = WRONG[what]
    changed(one, tmp_path, "model", name, value=value)
    with pytest.raises(ValueError, match=rf"^GPT2Tokens\.load: .*{words}"):
        GPT2Tokens.load(tmp_path)


@pytest.mark.bad_input
def test_a_byte_without_a_piece_is_named():
    with pytest.raises(
        ValueError, match=r"lacks 1 of the 256 bytes, the first is 0x20, spelled 'Ġ'"
    ):
        GPT2Tokens({x: i for i, x in enumerate(x for x in LETTERS if x != "Ġ")}, [])


@pytest.mark.bad_input
@pytest.mark.parametrize("flag", ["lstrip", "rstrip", "single_word"])
def test_added_tokens_that_move_the_cut_are_refused(one, tmp_path, flag):
    changed(one, tmp_path, "added_tokens", 0, flag, value=True)
    with pytest.raises(ValueError, match="an added token must have a content and nothing"):
        GPT2Tokens.load(tmp_path)


@pytest.mark.bad_input
@pytest.mark.parametrize("token", [{}, 5, {"content": ""}, {"content": 5}, {"content": "a"}])
def test_added_tokens_without_content_or_id_are_refused(one, tmp_path, token):
    changed(one, tmp_path, "added_tokens", value=[token])
    with pytest.raises(
        ValueError, match=r"^GPT2Tokens\.load: .*(an added token must|the ids must)"
    ):
        GPT2Tokens.load(tmp_path)


@pytest.mark.bad_input
@pytest.mark.parametrize("name", ["vocab.json", "merges.txt"])
def test_files_that_disagree_are_named(both, name):
    text = (both / name).read_text(encoding="utf-8")
    other = text.replace('"a"', '"a\U0001f916"') if name == "vocab.json" else text[:-4]
    (both / name).write_text(other, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"tokenizer\.json and {name} disagree"):
        GPT2Tokens.load(both)


DAMAGED = {
    b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n": "a Git-LFS pointer",
    b"<!DOCTYPE html><html>": "an HTML or XML page",
    b"\x1f\x8b\x08": "compressed by gzip",
    b"": "",
    b"\xff\xfe\xfd": "",
    b"[1, 2": "",
}


@pytest.mark.bad_input
@pytest.mark.parametrize("content", DAMAGED)
@pytest.mark.parametrize("name", ["vocab.json", "merges.txt", "tokenizer.json"])
def test_case_45_a_damaged_file_is_named(two, tmp_path, name, content):
    shutil.copytree(two, tmp_path, dirs_exist_ok=True)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=rf"^GPT2Tokens\.load: .*{DAMAGED[content]}"):
        GPT2Tokens.load(tmp_path)


@pytest.mark.bad_input
@pytest.mark.parametrize("name", ["vocab.json", "merges.txt", "tokenizer.json"])
def test_case_45_a_file_cut_off_anywhere_is_named(one, two, tmp_path, name):
    source = one if name == "tokenizer.json" else two
    shutil.copytree(source, tmp_path, dirs_exist_ok=True)
    whole = (source / name).read_bytes()
    for end in range(1, len(whole) - 1, len(whole) // 60):
        (tmp_path / name).write_bytes(whole[:end])
        with pytest.raises(ValueError, match=r"^GPT2Tokens\.load: "):
            GPT2Tokens.load(tmp_path)


@pytest.mark.bad_input
def test_what_is_missing_is_named(two, tmp_path):
    shutil.copy(two / "vocab.json", tmp_path)
    for folder in (tmp_path, tmp_path / "nowhere", tmp_path / "vocab.json"):
        with pytest.raises(FileNotFoundError, match=r"must be vocab\.json and merges\.txt, or"):
            GPT2Tokens.load(folder)
    with pytest.raises(TypeError, match="folder must be a path, got int"):
        GPT2Tokens.load(5)


@pytest.mark.bad_input
def test_what_is_no_vocabulary_is_named():
    with pytest.raises(TypeError, match="GPT2Tokens: vocabulary must be a dict, got list"):
        GPT2Tokens([], [])
    with pytest.raises(TypeError, match="GPT2Tokens: merges must be a list, got str"):
        GPT2Tokens({}, "a b")
