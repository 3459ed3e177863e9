"""Random models of ours and of Hugging Face, in float64, where formulas must agree."""

import pytest
import torch
from transformers import BertConfig, BertForPreTraining, GPT2Config, GPT2LMHeadModel, logging

from attention_book import Config

logging.set_verbosity_error()
logging.disable_progress_bar()


def randomized(model, seed=0, std=0.3):
    """The model in float64 and at evaluation, every parameter (biases too) drawn at random."""
    generator = torch.Generator().manual_seed(seed)
    for parameter in model.double().eval().requires_grad_(False).parameters():
        parameter.normal_(std=std, generator=generator)
    return model


def random_ids(*shape, vocabulary=37, seed=0):
    return torch.randint(vocabulary, shape, generator=torch.Generator().manual_seed(seed))


def small(**changes):
    sizes = {"vocab_size": 37, "max_len": 20, "d_model": 24, "n_heads": 4, "n_layers": 3}
    return Config(**sizes | changes)


@pytest.fixture(scope="session")
def hf_gpt():
    sizes = {"vocab_size": 37, "n_positions": 20, "n_embd": 24, "n_head": 4, "n_layer": 3}
    return randomized(GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=None, eos_token_id=None)))


@pytest.fixture(scope="session")
def hf_bert():
    sizes = {"vocab_size": 37, "hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4}
    sizes |= {"intermediate_size": 50, "max_position_embeddings": 20}
    return randomized(BertForPreTraining(BertConfig(**sizes)))


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
