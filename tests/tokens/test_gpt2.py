import copy
import pickle
import random
import sys
import time

import numpy as np
import pytest
import regex
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import GPT2Config, GPT2LMHeadModel, GPT2TokenizerFast

from attention_book import generate
from attention_book.models.pretrained import load_gpt2
from attention_book.tokens import GPT2Tokens
from attention_book.tokens.gpt2 import CUT, LONGEST_KNOWN, N_KNOWN
from attention_book.tokens.vocabulary import LETTERS

from ..models.drawn import lively
from .texts import ASSIGNED, CODE, END, ODD, SENTENCE, TEXT, mixtures


@pytest.fixture(scope="module")
def tokens(two):
    return GPT2Tokens.load(two)


@pytest.fixture(scope="module")
def theirs(two):
    return GPT2TokenizerFast.from_pretrained(two)


@pytest.mark.parametrize("text", [*ODD, SENTENCE, CODE, TEXT])
def test_odd_texts_are_cut_as_by_hugging_face(tokens, theirs, text):
    assert tokens.encode(text) == theirs(text)["input_ids"]
    assert tokens.decode(tokens.encode(text)) == "".join(tokens.stream(tokens.encode(text))) == text
    assert b"".join(tokens.cut(text)) == text.encode()


def test_any_ids_are_written_as_by_hugging_face_half_characters_too(tokens, theirs):
    rng = np.random.default_rng(0)
    for length in rng.integers(12, size=2_000):
        ids = rng.integers(len(tokens), size=length).tolist()
        text = theirs.decode(ids, clean_up_tokenization_spaces=False)
        assert tokens.decode(ids) == "".join(tokens.stream(ids)) == text


def test_half_a_character_may_be_refused(tokens):
    half = tokens.encode("机")[:1]
    assert tokens.decode(half) == "\N{REPLACEMENT CHARACTER}"
    with pytest.raises(ValueError, match=r"^GPT2Tokens\.decode: .* only part of a character"):
        tokens.decode(half, errors="strict")


def test_the_special_token_is_one_token_wherever_it_stands(tokens, theirs):
    assert tokens.end == len(tokens) - 1 == theirs.eos_token_id
    for text in (END, f"a{END}b", f"a {END} b", END * 3, f"<{END}>", f"it{END}'s"):
        ids = tokens.encode(text)
        assert ids == theirs(text, split_special_tokens=False)["input_ids"]
        assert ids.count(tokens.end) == text.count(END)
        assert tokens.decode(ids) == text
    assert tokens.end not in tokens.encode("<|endoftext|")


def test_any_merges_in_any_order_are_made_as_by_hugging_face():
    rng = random.Random(0)
    for trial in range(100):
        pieces, merges = ["a", "b", "c"], []
        for _ in range(rng.randint(1, 14)):
            merges.append([rng.choice(pieces), rng.choice(pieces)])
            pieces.append("".join(merges[-1]))
        rng.shuffle(merges) if trial % 2 else None
        vocabulary = {x: i for i, x in enumerate(dict.fromkeys([*LETTERS, *pieces, END]))}
        theirs = Tokenizer(models.BPE(vocab=vocabulary, merges=list(map(tuple, merges))))
        theirs.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokens = GPT2Tokens(vocabulary, merges)
        for _ in range(20):
            text = "".join(rng.choice("abc") for _ in range(rng.randint(0, 30)))
            assert tokens.encode(text) == theirs.encode(text).ids


def test_what_was_cut_before_is_cut_the_same_again(tokens):
    fresh = copy.deepcopy(tokens)
    assert [tokens.encode(t) for t in ODD * 2] == [fresh.encode(t) for t in ODD] * 2


def test_only_so_much_is_remembered(one):
    tokens = GPT2Tokens.load(one)
    tokens.encode("a" * (LONGEST_KNOWN + 1))
    assert len(tokens._known) == 0
    tokens.encode(" ".join(map(chr, range(0x4E00, 0x4E00 + 10))))
    assert len(tokens._known) == 10
    tokens._known |= dict.fromkeys(map(str, range(N_KNOWN)))
    room = len(tokens._known)
    assert tokens.decode(tokens.encode("one more")) == "one more"
    assert len(tokens._known) == room


def test_a_copy_through_pickle_is_the_same(tokens):
    assert pickle.loads(pickle.dumps(tokens)).encode(CODE) == tokens.encode(CODE)


def test_gpt2_runs_from_a_folder_in_five_lines(one, tmp_path):
    tokens = GPT2Tokens.load(one)
    sizes = {"n_positions": 40, "n_embd": 24, "n_head": 4, "n_layer": 2}
    ends = {"bos_token_id": tokens.end, "eos_token_id": tokens.end}
    config = GPT2Config(vocab_size=len(tokens), **sizes, **ends)
    theirs = lively(GPT2LMHeadModel(config))
    theirs.save_pretrained(tmp_path)
    GPT2TokenizerFast.from_pretrained(one).save_pretrained(tmp_path)
    gpt2 = tmp_path

    model, tokens = load_gpt2(gpt2), GPT2Tokens.load(gpt2)
    ids = torch.tensor([tokens.encode("A robot must obey")])
    [text] = tokens.decode(generate(model, ids, 20))

    prompt = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    longer = theirs.generate(**prompt, do_sample=False, min_new_tokens=20, max_new_tokens=20)
    assert len(set(longer[0, ids.shape[1] :].tolist())) > 3
    written = GPT2TokenizerFast.from_pretrained(gpt2).decode(
        longer[0, ids.shape[1] :], clean_up_tokenization_spaces=False
    )
    assert text == written
    assert "".join(tokens.stream(generate(model, ids, 20))) == text


def test_ten_thousand_random_texts_are_cut_as_by_hugging_face(tokens, theirs):
    for text in mixtures(10_000):
        ids = tokens.encode(text)
        assert ids == theirs(text)["input_ids"]
        assert tokens.decode(ids) == text


def test_every_character_that_this_python_knows_is_cut_as_by_hugging_face(tokens):
    text = "".join(random.Random(0).sample(ASSIGNED, len(ASSIGNED)))
    cut = pre_tokenizers.ByteLevel(add_prefix_space=False).pre_tokenize_str(text)
    assert regex.findall(CUT, text) == [text[start:end] for _, (start, end) in cut]


@pytest.mark.parametrize("unit", ["a", "robot", "the", " ", "\n ", "=", "机器", END])
def test_a_hundred_thousand_characters_take_seconds(tokens, theirs, unit):
    text, start = unit * (100_000 // len(unit)), time.perf_counter()
    ids = tokens.encode(text)
    assert time.perf_counter() - start < 5
    assert ids == theirs(text)["input_ids"]


@pytest.mark.bad_input
def test_a_lone_surrogate_is_named(tokens):
    with pytest.raises(ValueError, match=r"^GPT2Tokens\.encode: .*lone surrogate"):
        tokens.encode("ok \ud83d and more")
    assert not any("\ud83d" in word for word in tokens._known)


@pytest.mark.bad_input
def test_without_regex_the_error_says_how_to_install_it(one, monkeypatch):
    monkeypatch.setitem(sys.modules, "regex", None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "attention-book\[tokens\]"'):
        GPT2Tokens.load(one)
