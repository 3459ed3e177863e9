"""Random models of Hugging Face, in memory and saved in a folder."""

import shutil

import pytest

from .drawn import randomized


@pytest.fixture(scope="session")
def hf():
    """Imported only where it is asked for, because that takes seconds."""
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    return transformers


@pytest.fixture(scope="session")
def hf_gpt(hf):
    sizes = {"vocab_size": 37, "n_positions": 20, "n_embd": 24, "n_head": 4, "n_layer": 3}
    config = hf.GPT2Config(**sizes, bos_token_id=None, eos_token_id=None)
    return randomized(hf.GPT2LMHeadModel(config))


@pytest.fixture(scope="session")
def hf_bert(hf):
    sizes = {"vocab_size": 37, "hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4}
    sizes |= {"intermediate_size": 50, "max_position_embeddings": 20}
    return randomized(hf.BertForPreTraining(hf.BertConfig(**sizes)))


@pytest.fixture(scope="session")
def gpt_folder(hf_gpt, tmp_path_factory):
    folder = tmp_path_factory.mktemp("gpt")
    hf_gpt.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def bert_folder(hf_bert, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bert")
    hf_bert.save_pretrained(folder)
    return folder


@pytest.fixture
def folder(gpt_folder, tmp_path):
    """A copy to damage."""
    return shutil.copytree(gpt_folder, tmp_path / "gpt")
