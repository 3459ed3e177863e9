import json
import time
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers.models.gpt2.tokenization_gpt2 import GPT2Tokenizer

from attention_book.tokens import ByteBPE, Characters, Words

SENTENCE = (
    "A robot must obey the orders given it by human beings except where such orders would "
    "conflict with the First Law"
)
TEXT = (SENTENCE + ". 机器人必须服从人类的命令。 Ünïcödé, naïve façade: 1 + 1 = 2!\n\n\t") * 5
UNICODE = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.fixture(scope="module")
def bpe():
    return ByteBPE.train(TEXT, 120)


def strings(n, seed=0):
    """n random strings over all of Unicode but the surrogates, up to 24 characters long."""
    rng = np.random.default_rng(seed)
    for length in rng.integers(25, size=n):
        ranges = rng.choice([0x80, 0x800, 0x10000, 0x110000], size=length)
        codes = (rng.random(length) * ranges).astype(int)
        yield "".join(chr(c) for c in codes if not 0xD800 <= c < 0xE000)


def test_case_47_ten_thousand_random_strings_come_back(bpe):
    for text in strings(10_000):
        assert bpe.decode(bpe.encode(text)) == text


@given(UNICODE)
def test_case_47_any_text_comes_back(bpe, text):
    assert bpe.decode(bpe.encode(text)) == text
    assert "".join(bpe.stream(bpe.encode(text))) == text
    characters = Characters.train(text)
    assert characters.decode(characters.encode(text)) == text


@given(st.lists(st.text(st.characters(exclude_characters=" "), min_size=1)))
def test_case_47_any_words_come_back(words):
    text = " ".join(words)
    tokens = Words.train(text)
    assert tokens.decode(tokens.encode(text)) == text
    assert len(tokens.encode(text)) == len(words)


@pytest.mark.parametrize(
    "text",
    ["", " ", "   ", "\0", "a\0b", "\n", "\r\n\t", " a", "a ", "  a  b  ", "\ufeffa", "\u200b",
     "e\u0301", "é", "👩‍👩‍👧‍👦", "\u202eabc", "\U0010ffff", "\x7f\x80", "___", "a_b", "१२३",
     " \u3000 "],
)  # fmt: skip
def test_case_48_odd_texts_come_back(bpe, text):
    assert bpe.decode(bpe.encode(text)) == text
    assert "".join(bpe.stream(bpe.encode(text))) == text
    assert b"".join(bpe.cut(text)) == text.encode()


def test_case_49_a_hundred_thousand_characters_take_seconds(bpe):
    rng = np.random.default_rng(0)
    spaceless = "".join(map(chr, rng.integers(0x4E00, 0x5000, size=100_000)))
    for text in [(TEXT * 200)[:100_000], "a" * 100_000, " " * 100_000, spaceless]:
        start = time.perf_counter()
        ids = bpe.encode(text)
        assert time.perf_counter() - start < 10
        assert bpe.decode(ids) == text


@given(st.lists(st.integers(0, 256 + 119), max_size=30))
def test_streaming_equals_decoding_the_whole_even_where_it_is_no_text(bpe, ids):
    assert "".join(bpe.stream(ids, errors="replace")) == bpe.decode(ids, errors="replace")
    try:
        whole = bpe.decode(ids)
    except ValueError:
        with pytest.raises(ValueError, match="only part of a character"):
            list(bpe.stream(ids))
    else:
        assert "".join(bpe.stream(ids)) == whole


def test_the_stream_waits_for_the_whole_character():
    bpe = ByteBPE()
    emoji = list("é👋".encode())
    seen = []
    for text in bpe.stream(seen.append(i) or i for i in emoji):
        assert bytes(seen).decode().endswith(text)
    assert [*bpe.stream(emoji)] == ["é", "👋"]


def test_decoding_token_by_token_would_break_a_character():
    bpe = ByteBPE()
    assert (
        "".join(bpe.decode([i], errors="replace") for i in "é".encode())
        == "\N{REPLACEMENT CHARACTER}" * 2
    )


def test_merges_by_hand():
    bpe = ByteBPE.train("abab abab cd", 2)
    assert bpe.pieces[256:] == [b"ab", b"abab"]
    assert bpe.cut("abab cd") == [b"abab", b" ", b"c", b"d"]
    assert ByteBPE([(97, 97), (256, 97)]).cut("aaaaa") == [b"aa", b"aaa"]


def test_training_stops_when_no_pair_occurs_twice():
    assert ByteBPE.train("ab ab", 100).merges == [(97, 98)]
    assert ByteBPE.train("", 5).merges == []


def test_of_equally_frequent_pairs_the_smallest_goes_first():
    assert ByteBPE.train("zz!aa!ab!zz!aa!ab", 3).merges == [(97, 97), (97, 98), (122, 122)]


def test_no_token_reaches_over_the_end_of_a_word(bpe):
    assert not any(b" " in piece.strip(b" ") for piece in bpe.pieces)


@given(st.text("ab ", max_size=40), st.integers(0, 8))
def test_training_with_fewer_merges_is_a_beginning_of_training_with_more(text, n):
    assert ByteBPE.train(text, n).merges == ByteBPE.train(text, 8).merges[:n]


def test_more_merges_never_mean_more_tokens(bpe):
    lengths = [len(ByteBPE(bpe.merges[:n]).encode(SENTENCE)) for n in range(121)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] == len(SENTENCE)
    assert lengths[-1] < len(SENTENCE) / 3


def test_history_shows_the_sentence_after_each_merge():
    bpe = ByteBPE.train("robot must obey orders", 8)
    history = bpe.history("robot must obey orders")
    assert len(history) == len(bpe.merges) + 1
    assert [len(cut) for cut in history] == sorted((len(c) for c in history), reverse=True)
    assert all(b"".join(cut) == b"robot must obey orders" for cut in history)
    assert history[-1] == bpe.cut("robot must obey orders")
    for i, (before, after) in enumerate(pairwise(history)):
        assert bpe.pieces[256 + i] in after
        assert bpe.pieces[256 + i] not in before


def test_the_published_tokenizer_cuts_the_same_way(bpe, tmp_path):
    letters = byte_letters()
    spelled = ["".join(letters[b] for b in piece) for piece in bpe.pieces]
    merges = [(spelled[a], spelled[b]) for a, b in bpe.merges]
    theirs = GPT2Tokenizer(
        {piece: i for i, piece in enumerate(spelled)},
        merges,
        unk_token=spelled[0],
        bos_token=None,
        eos_token=None,
    )
    for text in [SENTENCE, "robots must obey the order of beings", "conflict  with\nlaws"]:
        assert bpe.encode(text) == theirs(text)["input_ids"]


def byte_letters():
    """The letter that GPT-2's published files write for each byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in plain]
    return {b: chr(b) for b in plain} | {b: chr(256 + i) for i, b in enumerate(others)}


@pytest.mark.parametrize(
    "tokens", [ByteBPE.train(TEXT, 50), Characters.train(TEXT), Words.train(SENTENCE)]
)
def test_saved_and_loaded_is_the_same_and_plain_json(tokens, tmp_path):
    tokens.save(tmp_path / "tokens.json")
    saved = json.loads((tmp_path / "tokens.json").read_text(encoding="ascii"))
    assert saved["kind"] == type(tokens).__name__
    loaded = type(tokens).load(tmp_path / "tokens.json")
    assert loaded.encode(SENTENCE) == tokens.encode(SENTENCE)
    assert len(loaded) == len(tokens)


@given(
    st.lists(st.tuples(st.integers(0, 255), st.integers(0, 255)), unique=True, max_size=8), UNICODE
)
def test_any_merges_keep_the_text(merges, text):
    bpe = ByteBPE(merges)
    assert bpe.decode(bpe.encode(text)) == text


def test_ids_may_be_a_list_an_array_or_a_tensor(bpe):
    ids = bpe.encode(SENTENCE)
    for form in (ids, tuple(ids), iter(ids), np.array(ids), torch.tensor(ids)):
        assert bpe.decode(form) == SENTENCE


def test_one_symbol_each():
    assert Characters.train("robot").pieces == ["b", "o", "r", "t"]
    assert Words.train("a robot must obey a robot").pieces == ["a", "must", "obey", "robot"]
    assert Words.train("").encode("") == []
    assert Words(["a"]).decode([]) == ""


@pytest.mark.bad_input
@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "ok \ud83d and more"])
def test_case_48_a_lone_surrogate_is_named(bpe, text):
    for function in (bpe.encode, lambda text: ByteBPE.train(text, 3)):
        with pytest.raises(ValueError, match="lone surrogate"):
            function(text)
    with pytest.raises(ValueError, match="is not in the vocabulary"):
        Characters(["o"]).encode(text)


@pytest.mark.bad_input
def test_an_unknown_word_is_named_with_its_place():
    words, characters = Words.train(SENTENCE), Characters.train("robot")
    with pytest.raises(ValueError, match="word 'drone' at 1 is not in the vocabulary of 19"):
        words.encode("A drone must")
    with pytest.raises(ValueError, match="word '' at 1"):
        words.encode("A  robot")
    with pytest.raises(ValueError, match="character 'x' at 3"):
        characters.encode("robxt")


@pytest.mark.bad_input
@pytest.mark.parametrize("bad", [None, 3, b"robot", ["robot"], 1.5, np.array(["a"])])
def test_what_is_no_text_is_named(bpe, bad):
    functions = [bpe.encode, Words(["a"]).encode, Characters(["a"]).encode, Words.train]
    for function in [*functions, Characters.train, lambda text: ByteBPE.train(text, 1)]:
        with pytest.raises(TypeError, match="text must be a str"):
            function(bad)


BAD_IDS = [
    ([-1], IndexError, "id -1 at 0"),
    ([0, 10_000], IndexError, "id 10000 at 1"),
    ([True], TypeError, "True"),
    ([1.0], TypeError, "1.0"),
    (["a"], TypeError, "'a'"),
    ([None], TypeError, "None"),
    ([[0]], TypeError, "[0]"),
    (torch.zeros(1, 1, dtype=torch.long), TypeError, "[0]"),
    (5, TypeError, "row of ints"),
    (None, TypeError, "row of ints"),
    ("ids", TypeError, "row of ints"),
    (b"ids", TypeError, "row of ints"),
]


@pytest.mark.bad_input
@pytest.mark.parametrize(("bad", "error", "words"), BAD_IDS)
def test_case_31_bad_ids_are_named(bpe, bad, error, words):
    for tokens in (bpe, Words(["a"]), Characters(["a"])):
        with pytest.raises(error) as caught:
            tokens.decode(bad)
        assert words in str(caught.value)
        assert f"{type(tokens).__name__}.decode" in str(caught.value)
    with pytest.raises(error):
        list(bpe.stream(bad))


@pytest.mark.bad_input
def test_case_48_half_a_character_is_named_with_the_way_out(bpe):
    half = list("é".encode())[:1]
    with pytest.raises(ValueError, match="0xc3 at 1 is only part of a character; write errors="):
        ByteBPE().decode([97, *half])
    assert ByteBPE().decode(half, errors="replace") == "\N{REPLACEMENT CHARACTER}"


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: ByteBPE([(1, 2, 3)]), ValueError),
        (lambda: ByteBPE([5]), ValueError),
        (lambda: ByteBPE([(1, 256)]), IndexError),
        (lambda: ByteBPE([(-1, 0)]), IndexError),
        (lambda: ByteBPE([(1, 2), (1, 2)]), ValueError),
        (lambda: ByteBPE([(1.0, 2)]), TypeError),
        (lambda: ByteBPE(3), TypeError),
        (lambda: ByteBPE("ab"), TypeError),
        (lambda: ByteBPE.train("a", -1), ValueError),
        (lambda: ByteBPE.train("a", True), ValueError),
        (lambda: ByteBPE.train("a", 1.5), ValueError),
        (lambda: Words("a b"), TypeError),
        (lambda: Words([1]), TypeError),
        (lambda: Words(None), TypeError),
        (lambda: Words(["a b"]), ValueError),
        (lambda: Words([""]), ValueError),
        (lambda: Words(["a", "a"]), ValueError),
        (lambda: Characters(["ab"]), ValueError),
        (lambda: Characters(["a", "a"]), ValueError),
        (lambda: Characters(7), TypeError),
    ],
)
def test_bad_vocabularies_are_named(make, error):
    with pytest.raises(error, match=r"^(ByteBPE|Words|Characters)"):
        make()


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"{}", b'{"kind": "ByteBPE"}', b'{"kind": "Words", "pieces": []}',
     b'{"merges": []}', b"<!DOCTYPE html>", b"\xff\xfe", b"\x80\x04\x95", b"[" * 100_000,
     b"version https://git-lfs.github.com/spec/v1"],
)  # fmt: skip
def test_case_45_a_damaged_file_is_named(tmp_path, content):
    (tmp_path / "tokens.json").write_bytes(content)
    with pytest.raises(ValueError, match=r"ByteBPE.load: tokens.json"):
        ByteBPE.load(tmp_path / "tokens.json")


@pytest.mark.bad_input
@pytest.mark.parametrize("merges", [b"3", b"[[1]]", b'[["a", 2]]', b"[[1, 999]]", b"null"])
def test_case_45_a_file_with_bad_merges_is_refused(tmp_path, merges):
    (tmp_path / "tokens.json").write_bytes(b'{"kind": "ByteBPE", "merges": ' + merges + b"}")
    with pytest.raises((ValueError, TypeError, IndexError), match="ByteBPE"):
        ByteBPE.load(tmp_path / "tokens.json")
