"""Tokenizers that were trained here, and folders as GPT-2's was published."""

import json
import shutil

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from attention_book.tokens import ByteBPE

from .texts import CODE, END, TEXT


@pytest.fixture(scope="session")
def bpe():
    return ByteBPE.train(TEXT, 120)


@pytest.fixture(scope="session")
def trained():
    """A byte-level tokenizer of the library that trains and runs Hugging Face's."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    letters = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=600, initial_alphabet=letters, show_progress=False)
    tokenizer.train_from_iterator([TEXT, CODE * 3], trainer)
    tokenizer.add_special_tokens([END])  # the last id, as GPT-2's
    return tokenizer


@pytest.fixture(scope="session")
def one(trained, tmp_path_factory):
    """A folder that holds `tokenizer.json`."""
    folder = tmp_path_factory.mktemp("one")
    trained.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="session")
def two(trained, tmp_path_factory):
    """A folder that holds `vocab.json` and `merges.txt`."""
    folder = tmp_path_factory.mktemp("two")
    trained.model.save(str(folder))
    vocabulary = trained.get_vocab()  # with the special token, as published
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    return folder


@pytest.fixture
def both(one, two, tmp_path):
    shutil.copytree(one, tmp_path, dirs_exist_ok=True)
    return shutil.copytree(two, tmp_path, dirs_exist_ok=True)
