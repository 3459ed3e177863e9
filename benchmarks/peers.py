"""Hugging Face's GPT-2 and ours with the same random weights."""

import torch
from transformers import GPT2Config, GPT2LMHeadModel
from transformers.utils import logging

from attention_book import Config
from attention_book.models.pretrained import load_gpt2

logging.set_verbosity_error()
SMALL = {"vocab_size": 512, "n_positions": 512, "n_embd": 128, "n_layer": 4, "n_head": 4}
GPT2 = {"vocab_size": 50257, "n_positions": 1024, "n_embd": 768, "n_layer": 12, "n_head": 12}


def pair(sizes):
    """Our model and theirs, in evaluation; they give the same logits."""
    torch.manual_seed(0)
    quiet = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0}
    settings = GPT2Config(**sizes, **quiet, bos_token_id=None, eos_token_id=None)
    theirs = GPT2LMHeadModel(settings).eval()
    config = Config(
        vocab_size=sizes["vocab_size"],
        max_len=sizes["n_positions"],
        d_model=sizes["n_embd"],
        n_layers=sizes["n_layer"],
        n_heads=sizes["n_head"],
        activation="gelu_tanh",
    )
    ours = load_gpt2(theirs.state_dict(), config)
    ids = ids_for(sizes, 1, 8)
    with torch.no_grad():
        torch.testing.assert_close(ours(ids), theirs(ids).logits, atol=1e-4, rtol=1e-4)
    return ours, theirs


def ids_for(sizes, batch, length):
    generator = torch.Generator().manual_seed(0)
    return torch.randint(sizes["vocab_size"], (batch, length), generator=generator)
