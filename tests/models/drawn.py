"""Small models, and numbers drawn at random from fixed seeds."""

import torch

from attention_book import Config


def randomized(model, seed=0, std=0.3):
    """The model in float64 and at evaluation, every parameter (biases too) drawn at random."""
    generator = torch.Generator().manual_seed(seed)
    for parameter in model.double().eval().requires_grad_(False).parameters():
        parameter.normal_(std=std, generator=generator)
    return model


def lively(model):
    """As `randomized`, but without biases, which would drown what the model reads.

    Else it says one word for ever, whatever it is told, and no test of what it reads can fail.
    """
    for name, parameter in randomized(model, std=1.0).named_parameters():
        if parameter.ndim == 1:
            parameter.fill_(float(name.endswith("weight")))
    return model


def random_ids(*shape, vocabulary=37, seed=0):
    return torch.randint(vocabulary, shape, generator=torch.Generator().manual_seed(seed))


def small(**changes):
    sizes = {"vocab_size": 37, "max_len": 20, "d_model": 24, "n_heads": 4, "n_layers": 3}
    return Config(**sizes | changes)
