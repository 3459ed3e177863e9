"""The models that are measured, in the words of Hugging Face and in ours, and texts for them."""

import torch

from attention_book import Config

SMALL = {"vocab_size": 512, "n_positions": 2048, "n_embd": 128, "n_layer": 4, "n_head": 4}
GPT2 = {"vocab_size": 50257, "n_positions": 1024, "n_embd": 768, "n_layer": 12, "n_head": 12}
TINY = {"vocab_size": 64, "n_positions": 64, "n_embd": 16, "n_layer": 2, "n_head": 2}


def config(sizes):
    """The same model in our words."""
    return Config(
        vocab_size=sizes["vocab_size"],
        max_len=sizes["n_positions"],
        d_model=sizes["n_embd"],
        n_layers=sizes["n_layer"],
        n_heads=sizes["n_head"],
        activation="gelu_tanh",
    )


def ids_for(sizes, batch, length):
    generator = torch.Generator().manual_seed(0)
    return torch.randint(sizes["vocab_size"], (batch, length), generator=generator)
