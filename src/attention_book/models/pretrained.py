"""Models as they were published: their names and layouts, translated into ours."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from .. import validate
from ..config import Config
from . import layouts
from .bert import BERT
from .files import read_settings
from .folders import read_folder
from .gemma import GEMMA3
from .gpt import GPT
from .llamas import LLAMAS
from .settings import config_of
from .translation import bare, named, translated


def load(
    folder: str | Path,
    config: Config | None = None,
    *,
    sha256: str | None = None,
    ignore: tuple[str, ...] | list[str] = (),
) -> GPT | BERT:
    """The model of a published folder, of the family that its config.json calls `model_type`.

    Beside GPT-2 and BERT these are the relatives of Llama, all of them a `GPT` with other settings:
    llama, qwen3, mistral and gemma3_text. What config.json asks for and is not computed here, as a
    scaled rotation or biases of attention, is refused by name.
    ValueError lists the families that are known. All else is as in `load_gpt2`.
    Source: Touvron et al. (2023), Yang et al. (2025), Jiang et al. (2023), Gemma Team (2025).
    """
    validate.published("load", folder, config, sha256, ignore, Config)
    if isinstance(folder, Mapping):
        raise TypeError("load: a state dict has no model_type; call load_gpt2 or load_bert")
    kind = read_settings(Path(folder, "config.json")).get("model_type")
    validate.one_of("load", "the model_type in config.json", kind, LOADERS)
    return LOADERS[kind](folder, config, sha256=sha256, ignore=ignore)


def load_gpt2(
    source: str | Path | Mapping[str, Tensor],
    config: Config | None = None,
    *,
    sha256: str | None = None,
    ignore: tuple[str, ...] | list[str] = (),
) -> GPT:
    """GPT-2 from a folder as published, or from a state dict, which needs its config.

    The folder holds `config.json` and `model.safetensors`, or `pytorch_model.bin`, or an index of
    several of them. The weights must be exactly those of the model: ValueError lists what is
    missing, extra or of another shape, and says if a file is damaged or something else.
    An altered file is found by its SHA-256, given here or listed in SHA256SUMS in the folder.
    Tensors, and settings of config.json, are left out only if `ignore` names them, as in
    `("score.*",)`. A `config` that is given must be the published one but for dropout and
    init_std; without config.json it must have GPT-2's activation, `gelu_tanh`, and norm_eps.
    The model comes in the dtype of the weights and ready to use, in evaluation. Its matrices lie
    in memory as published, by columns, so `safetensors` wants them `.contiguous()` to be saved.
    Source: Radford et al. (2019).
    """
    return _load("load_gpt2", GPT, layouts.GPT2, source, config, sha256, ignore)


def load_bert(
    source: str | Path | Mapping[str, Tensor],
    config: Config | None = None,
    *,
    sha256: str | None = None,
    ignore: tuple[str, ...] | list[str] = (),
) -> BERT:
    """BERT from a folder as published, or from a state dict with its config, as in `load_gpt2`.

    Weights without the head for hidden tokens, or without the pooler, give a model without it;
    the part that tells whether two sentences follow each other is left out. A config without
    config.json must have BERT's activation, `gelu`, and norm_eps, 1e-12.
    Source: Devlin et al. (2019).
    """
    return _load("load_bert", BERT, layouts.BERT, source, config, sha256, ignore)


class Undrawn(TorchFunctionMode):
    """While open, nothing draws first weights: on meta that would load PyTorch's compiler."""

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if function is Tensor.normal_ or getattr(function, "__module__", "") == "torch.nn.init":
            return args[0] if args else None
        return function(*args, **kwargs or {})


@torch.inference_mode(False)  # what is made in inference can never be trained
def _load(function, kind, layout, source, config, sha256, ignore):
    validate.published(function, source, config, sha256, ignore, Config)
    told = _settings(source, config, ignore)
    config = config_of(function, layout, told, config)
    with torch.device("meta"), Undrawn():
        model = kind(config)
    state = source if isinstance(source, Mapping) else read_folder(source, sha256)
    state = bare(function, layout, state, config.tie_embeddings, ignore)
    for part, start in layout.parts.items():
        if not any(name.startswith(start) for name in state):
            place, _, name = part.rpartition(".")
            setattr(model.get_submodule(place), name, None)
    ours = translated(function, layout, state, model.state_dict(), config.n_layers)
    ours = layout.adjusted(ours, layout.defaults | (told or {}), config)
    # Assigned, not copied into rows: published columns are read faster, one token at a time.
    copies = {name: ours.pop(name).detach().to("cpu", copy=True) for name in list(ours)}
    model.load_state_dict(copies, assign=True)
    return model.eval()


def _settings(source, config, ignore):
    """What config.json says; None if there is none, and none is needed."""
    if isinstance(source, Mapping):
        return None
    path = Path(source, "config.json")
    if config is not None and not path.exists():
        return None
    return {name: x for name, x in read_settings(path).items() if not named(ignore, name)}


LOADERS: dict[Any, Callable[..., GPT | BERT]] = {"gpt2": load_gpt2, "bert": load_bert}
FAMILIES = LLAMAS | {"gemma3_text": GEMMA3}
LOADERS |= {kind: partial(_load, "load", GPT, layout) for kind, layout in FAMILIES.items()}
