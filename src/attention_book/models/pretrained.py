"""GPT-2 and BERT as they were published: their names and layouts, translated into ours."""

import re
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from .. import validate
from ..config import Config
from . import layouts
from .bert import BERT
from .files import read_settings, read_weights
from .gpt import GPT


def load_gpt2(
    source: str | Path | Mapping[str, Tensor],
    config: Config | None = None,
    *,
    sha256: str | None = None,
) -> GPT:
    """GPT-2 from a folder as published (`config.json`, `model.safetensors`), or from a state dict.

    A state dict needs its config. The weights must be exactly those of the model: ValueError lists
    what is missing, extra or of another shape, and says if a file is damaged or something else.
    An altered file is found by its SHA-256, given here or listed in SHA256SUMS in the folder.
    The model comes in the dtype of the weights and ready to use, in evaluation. Its matrices lie
    in memory as published, by columns, so `safetensors` wants them `.contiguous()` to be saved.
    Source: Radford et al. (2019).
    """
    validate.published("load_gpt2", source, config, sha256, Config)
    return _load("load_gpt2", GPT, layouts.GPT2, source, config, sha256)


def load_bert(
    source: str | Path | Mapping[str, Tensor],
    config: Config | None = None,
    *,
    sha256: str | None = None,
) -> BERT:
    """BERT from a folder as published, or from a state dict with its config, as in `load_gpt2`.

    Weights without the head for hidden tokens, or without the pooler, give a model without it;
    the part that tells whether two sentences follow each other is left out.
    Source: Devlin et al. (2019).
    """
    validate.published("load_bert", source, config, sha256, Config)
    return _load("load_bert", BERT, layouts.BERT, source, config, sha256)


def _load(function, kind, layout, source, config, sha256):
    if isinstance(source, Mapping):
        state = source
    else:
        config = config or _config(function, layout, read_settings(Path(source, "config.json")))
        state = read_weights(Path(source, "model.safetensors"), sha256)
    validate.published_config(function, config, layout.config)
    with torch.device("meta"):
        model = kind(config)
    state = _bare(function, layout, state)
    for part, start in layout.parts.items():
        if not any(name.startswith(start) for name in state):
            setattr(model, part, None)
    ours = _translated(function, layout, state, model.state_dict(), config.n_layers)
    # Assigned, not copied into rows: published columns are read faster, one token at a time.
    copies = {name: tensor.detach().to("cpu", copy=True) for name, tensor in ours.items()}
    model.load_state_dict(copies, assign=True)
    return model.eval()


def _config(function, layout, settings):
    validate.published_settings(function, settings, layout.settings, layout.variants)
    fields = {ours: settings[name] for ours, name in layout.settings.items() if name in settings}
    activation = fields.get("activation")
    validate.one_of(function, "the activation", activation, layouts.ACTIVATIONS)
    fields["activation"] = layouts.ACTIVATIONS[activation]
    return Config(**fields, **layout.config)


def _bare(function, layout, state):
    """The tensors by the names that the table knows, without copies and what is not used."""
    bare = {_bare_name(name, layout.prefix): tensor for name, tensor in state.items()}
    validate.published_tensors(function, state, bare, layout.copies)
    unused = re.compile(layout.left_out)
    return {n: x for n, x in bare.items() if n not in layout.copies and not unused.fullmatch(n)}


def _bare_name(name, prefix):
    """Without the prefix, and with today's names for what BERT first called gamma and beta."""
    name = name.removeprefix(prefix)
    return re.sub(r"LayerNorm\.gamma$", "LayerNorm.weight", name).replace(".beta", ".bias")


def _translated(function, layout, state, model, n_layers):
    """Our state dict from theirs, if nothing is missing, extra or of another shape."""
    table = {n: ours for n, ours in _table(layout, n_layers).items() if set(ours) <= set(model)}
    turned = re.compile(layout.transposed)
    shapes = {}
    for name, ours in table.items():
        rows = sum(model[our].shape[0] for our in ours)
        shape = (rows, *model[ours[0]].shape[1:])
        shapes[name] = shape[::-1] if turned.search(name) else shape
    validate.published_shapes(function, state, shapes)
    result = {}
    for name, ours in table.items():
        whole = state[name].t() if turned.search(name) else state[name]
        result |= zip(ours, whole.split([model[our].shape[0] for our in ours]), strict=True)
    return result


def _table(layout, n_layers):
    """Their name of each tensor: the tuple of ours that lie in it side by side."""
    table = {}
    for theirs, ours in layout.ends.items():
        table |= _tensors(theirs, (ours,))
    for i in range(n_layers):
        for theirs, ours in layout.block.items():
            ours = (ours,) if isinstance(ours, str) else ours
            inside = tuple(f"blocks.{i}.{our}" for our in ours)
            table |= _tensors(layout.blocks.format(i) + theirs, inside)
    return table


def _tensors(theirs, ours):
    if theirs.endswith(("weight", "bias")):
        return {theirs: ours}
    return {f"{theirs}.{x}": tuple(f"{our}.{x}" for our in ours) for x in ("weight", "bias")}
