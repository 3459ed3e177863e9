import time
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from attention_book.tokens import ByteBPE
from attention_book.tokens.bytepairs import CHUNK

from .texts import ODD, SENTENCE, TEXT, strings

UNICODE = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize("text", ODD)
def test_case_48_odd_texts_come_back(bpe, text):
    assert bpe.decode(bpe.encode(text)) == text
    assert "".join(bpe.stream(bpe.encode(text))) == text
    assert b"".join(bpe.cut(text)) == text.encode()


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


def test_of_two_merges_that_share_a_token_the_earlier_goes_first():
    assert ByteBPE([(98, 99), (97, 98)]).cut("abc") == [b"a", b"bc"]
    assert ByteBPE([(97, 98), (98, 99)]).cut("abc") == [b"ab", b"c"]


def test_training_stops_when_no_pair_occurs_twice():
    assert ByteBPE.train("ab ab", 100).merges == [(97, 98)]
    assert ByteBPE.train("", 5).merges == []


@pytest.mark.parametrize(
    "text, merges",
    [
        ("zz!aa!ab!zz!aa!ab", [(97, 97), (97, 98), (122, 122)]),
        ("ad!bc!ad!bc", [(97, 100), (98, 99)]),  # the first of the pair decides,
        ("bc!ad!bc!ad", [(97, 100), (98, 99)]),  # not where it stands,
        ("ab!aa!ab!aa", [(97, 97), (97, 98)]),  # then the second,
        ("abc!xy!abc!xy", [(97, 98), (120, 121), (256, 99)]),  # and bytes go before tokens
    ],
)
def test_of_equally_frequent_pairs_the_smallest_goes_first(text, merges):
    assert ByteBPE.train(text, len(merges)).merges == merges


@given(st.text("abc !", max_size=40))
def test_training_is_counting_sorting_and_joining(text):
    chunks = [list(chunk.encode()) for chunk in CHUNK.findall(text)]
    for new, merge in enumerate(ByteBPE.train(text, 6).merges, start=256):
        counts = Counter(pair for chunk in chunks for pair in pairwise(chunk))
        frequent = sorted((-n, pair) for pair, n in counts.items())
        assert frequent[0] < (-1,)
        assert merge == frequent[0][1]
        for chunk in chunks:
            for i in range(len(chunk)):
                if (*chunk[i : i + 2],) == merge:
                    chunk[i : i + 2] = [new]


def test_no_token_reaches_over_the_end_of_a_word(bpe):
    assert not any(b" " in piece.strip(b" ") for piece in bpe.pieces)


@given(st.text("ab ", max_size=40), st.integers(0, 8))
def test_training_with_fewer_merges_is_a_beginning_of_training_with_more(text, n):
    assert ByteBPE.train(text, n).merges == ByteBPE.train(text, 8).merges[:n]


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


def test_a_word_of_any_length_is_one_chunk():
    word = "robot" * 100
    bpe = ByteBPE.train(f"{word} {word}", 500)
    assert bpe.cut(word) == [word.encode()]


@given(
    st.lists(st.tuples(st.integers(0, 255), st.integers(0, 255)), unique=True, max_size=8), UNICODE
)
def test_any_merges_keep_the_text(merges, text):
    bpe = ByteBPE(merges)
    assert bpe.decode(bpe.encode(text)) == text


def test_numbers_of_numpy_and_torch_are_numbers():
    two = [np.int64(2), np.uint8(2), torch.tensor(2)]
    assert {len(ByteBPE.train("abab abab", n)) for n in two} == {258}
    assert ByteBPE([(np.int64(97), torch.tensor(98))]).pieces[256] == b"ab"


def test_case_47_ten_thousand_random_strings_come_back(bpe):
    for text in strings(10_000):
        assert bpe.decode(bpe.encode(text)) == text


@given(UNICODE)
def test_case_47_any_text_comes_back(bpe, text):
    assert bpe.decode(bpe.encode(text)) == text
    assert "".join(bpe.stream(bpe.encode(text))) == text


def test_case_49_a_hundred_thousand_characters_take_seconds(bpe):
    rng = np.random.default_rng(0)
    spaceless = "".join(map(chr, rng.integers(0x4E00, 0x5000, size=100_000)))
    word = "".join(map(chr, rng.integers(97, 99, size=100_000)))
    dense = ByteBPE([(97, 97), (256, 256), (98, 97), (97, 98)])
    texts = [(TEXT * 200)[:100_000], "a" * 100_000, " " * 100_000, spaceless]
    for tokens, text in [*((bpe, text) for text in texts), (dense, texts[1]), (dense, word)]:
        start = time.perf_counter()
        ids = tokens.encode(text)
        assert time.perf_counter() - start < 10
        assert tokens.decode(ids) == text


def test_more_merges_never_mean_more_tokens(bpe):
    lengths = [len(ByteBPE(bpe.merges[:n]).encode(SENTENCE)) for n in range(121)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] == len(SENTENCE)
    assert lengths[-1] < len(SENTENCE) / 3


@pytest.mark.bad_input
@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "ok \ud83d and more"])
def test_case_48_a_lone_surrogate_is_named(bpe, text):
    for function in (bpe.encode, lambda text: ByteBPE.train(text, 3)):
        with pytest.raises(ValueError, match="lone surrogate"):
            function(text)


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
        (lambda: ByteBPE([(True, 2)]), TypeError),
        (lambda: ByteBPE(3), TypeError),
        (lambda: ByteBPE("ab"), TypeError),
        (lambda: ByteBPE.train("a", -1), ValueError),
        (lambda: ByteBPE.train("a", True), TypeError),
        (lambda: ByteBPE.train("a", 1.5), TypeError),
        (lambda: ByteBPE.train("a", torch.tensor([1, 2])), TypeError),
    ],
)
def test_bad_merges_are_named(make, error):
    with pytest.raises(error, match=r"^ByteBPE"):
        make()
