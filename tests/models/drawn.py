"""Small models, and numbers drawn at random from fixed seeds."""

import json

import pytest
import torch
from safetensors.torch import save_file

from attention_book import Config
from attention_book.models.pickled import SAFE

opens_pickles = pytest.mark.skipif(
    tuple(map(int, torch.__version__.split(".")[:2])) < SAFE,
    reason=f"pickles are not opened by torch {torch.__version__}, which may run them",
)


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


def small_gpt(hf, kind="GPT2LMHeadModel", **settings):
    """A random GPT-2 of Hugging Face with these settings beside its small sizes."""
    sizes = {"vocab_size": 37, "n_positions": 20, "n_embd": 24, "n_head": 4, "n_layer": 2}
    none = {"bos_token_id": None, "eos_token_id": None, "pad_token_id": 0}
    return randomized(getattr(hf, kind)(hf.GPT2Config(**sizes | none | settings)))


def small_bert(hf, kind="BertForPreTraining", **settings):
    sizes = {"vocab_size": 37, "hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4}
    sizes |= {"intermediate_size": 50, "max_position_embeddings": 20}
    return randomized(getattr(hf, kind)(hf.BertConfig(**sizes | settings)))


def told(folder, changes=(), without=()):
    """Say something else in config.json, or nothing of some of it."""
    path = folder / "config.json"
    settings = json.loads(path.read_text("utf-8")) | dict(changes)
    kept = {name: x for name, x in settings.items() if name not in without}
    path.write_text(json.dumps(kept), "utf-8")
    return folder


def in_shards(folder, tensors, kind="safetensors", count=3):
    """Write tensors as Hugging Face splits them, with an index; return the names of the shards."""
    stem = {"safetensors": "model", "bin": "pytorch_model"}[kind]
    shards = [f"{stem}-{i + 1:05}-of-{count:05}.{kind}" for i in range(count)]
    places = {name: shards[i % count] for i, name in enumerate(sorted(tensors))}
    for shard in shards:
        part = {name: tensors[name].clone() for name, place in places.items() if place == shard}
        (save_file if kind == "safetensors" else torch.save)(part, folder / shard)
    index = {"metadata": {"total_size": 1}, "weight_map": places}
    (folder / f"{stem}.{kind}.index.json").write_text(json.dumps(index), "utf-8")
    return shards


def in_one_pickle(folder, tensors, **how):
    torch.save(dict(tensors), folder / "pytorch_model.bin", **how)


FORMS = {  # how Hugging Face's model lies in a folder
    "safetensors": lambda folder, model: model.save_pretrained(folder),
    "their shards": lambda folder, model: model.save_pretrained(folder, max_shard_size="30KB"),
    "our shards": lambda folder, model: in_shards(folder, model.state_dict()),
    "bin": lambda folder, model: in_one_pickle(folder, model.state_dict()),
    "old bin": lambda folder, model: in_one_pickle(
        folder, model.state_dict(), _use_new_zipfile_serialization=False
    ),
    "bins": lambda folder, model: in_shards(folder, model.state_dict(), "bin"),
}
EVERY_FORM = [pytest.param(x, marks=opens_pickles) if "bin" in x else x for x in FORMS]


def published(folder, model, form="safetensors"):
    model.config.save_pretrained(folder)
    FORMS[form](folder, model)
    return folder
