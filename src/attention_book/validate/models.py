"""What goes into a whole model: token ids, padding, caches, memories, images."""

import torch

from .caches import room
from .modules import features, tokens
from .numbers import instance, whole_number
from .tensors import float_tensor, ids, integers, shapes


def one_text(function, config, kind):
    instance(function, "config", config, kind)
    if config.n_segments:
        raise ValueError(
            f"{function}: the model has no segments, so n_segments must be 0, got "
            f"{config.n_segments}"
        )


def text(function, model, name, x, caches, mask):
    """Ids of the vocabulary that fit behind what the caches keep; returns how many that is."""
    table = model.embeddings.tokens.weight
    ids_of_texts(function, name, x, table)
    batch, length = x.shape
    past = 0 if caches is None else _caches(function, caches, model.config.n_layers, batch, length)
    if past + length > model.config.max_len:
        raise ValueError(
            f"{function}: {name} has {length} tokens after {past} earlier ones, but max_len is "
            f"{model.config.max_len}"
        )
    if mask is not None:
        padding(function, "mask", mask, batch, past + length, table.device)
    ids(function, name, x, len(table), "vocab_size")
    return past


def ids_of_texts(function, name, x, table):
    integers(function, name, x)
    if x.ndim != 2 or x.shape[1] == 0:
        raise ValueError(
            f"{function}: {name} must be (batch, tokens), at least one token, got shape "
            f"{tuple(x.shape)}; for a single text write {name}[None]"
        )
    if x.device != table.device:
        raise TypeError(f"{function}: {name} is on {x.device}, the model on {table.device}")


def padding(function, name, mask, batch, n_keys, device):
    if not isinstance(mask, torch.Tensor) or mask.dtype != torch.bool:
        got = mask.dtype if isinstance(mask, torch.Tensor) else type(mask).__name__
        raise TypeError(
            f"{function}: {name} must be a bool tensor, True at real tokens, got {got}; "
            f"write padding_mask(lengths, n_keys), or mask.bool()[:, None, None]"
        )
    if mask.device != device:
        raise TypeError(f"{function}: {name} is on {mask.device}, the model on {device}")
    if mask.ndim != 4 or mask.shape[0] not in (1, batch) or mask.shape[1:] != (1, 1, n_keys):
        raise ValueError(
            f"{function}: {name} must be ({batch}, 1, 1, {n_keys}), the batch and all tokens so "
            f"far, got {tuple(mask.shape)}; write padding_mask(lengths, {n_keys})"
        )


def _caches(function, caches, n_layers, batch, length):
    if not isinstance(caches, (list, tuple)) or not all(hasattr(c, "max_len") for c in caches):
        raise TypeError(f"{function}: caches must be a list of KVCache, got {_kinds(caches)}")
    if len(caches) != n_layers:
        raise ValueError(
            f"{function}: caches must be one for each of the {n_layers} blocks, got {len(caches)}"
        )
    lengths = [cache.length for cache in caches]
    if len(set(lengths)) > 1 or len(set(map(id, caches))) < n_layers:
        raise ValueError(
            f"{function}: every block needs a cache of its own, all of one length, got lengths "
            f"{lengths}"
        )
    for cache in caches:
        room(function, cache, batch, length)
    return lengths[0]


def _kinds(x):
    return [type(item).__name__ for item in x] if isinstance(x, list) else type(x).__name__


def segments(function, model, x, segments):
    if segments is None:
        return
    if model.embeddings.segments is None:
        raise ValueError(f"{function}: segments were given, but the model's n_segments is 0")
    integers(function, "segments", segments)
    if segments.shape != x.shape:
        raise ValueError(
            f"{function}: segments must be one for each id, got {shapes(ids=x, segments=segments)}"
        )
    ids(function, "segments", segments, model.config.n_segments, "n_segments")


def memories(function, model, target_ids, memories, source_mask):
    weight = model.embeddings.tokens.weight
    ids_of_texts(function, "target_ids", target_ids, weight)
    if not isinstance(memories, (list, tuple)) or len(memories) != model.config.n_layers:
        got = len(memories) if isinstance(memories, (list, tuple)) else type(memories).__name__
        raise ValueError(
            f"{function}: memories must be a list of {model.config.n_layers}, one for each block, "
            f"as encode returns it, got {got}"
        )
    for i, memory in enumerate(memories):
        tokens(function, f"memories[{i}]", memory, weight)
        if len(memory) != len(target_ids):
            raise ValueError(
                f"{function}: memories[{i}] must have the batch of target_ids, got "
                f"{shapes(memory=memory, target_ids=target_ids)}"
            )
    if source_mask is not None:
        batch, n_keys, _ = memories[0].shape
        padding(function, "source_mask", source_mask, batch, n_keys, weight.device)


def hidden(function, model, x, axes=None):
    features(function, "hidden", x, model.embeddings.tokens.weight)
    if axes is not None and x.ndim != axes:
        raise ValueError(
            f"{function}: hidden must be (batch, tokens, {model.config.d_model}), got shape "
            f"{tuple(x.shape)}"
        )


def part(function, model, name):
    if getattr(model, name) is None:
        raise ValueError(f"{function}: the weights of this model were published without a {name}")


def images(function, images, size):
    float_tensor(function, "images", images)
    whole_number(function, "size", size, least=1)
    if images.ndim != 4:
        raise ValueError(
            f"{function}: images must be (batch, channels, height, width), got shape "
            f"{tuple(images.shape)}"
        )
    height, width = images.shape[2:]
    if height % size or width % size or not height * width:
        raise ValueError(
            f"{function}: squares of {size} do not fill images of {height} by {width} pixels"
        )


def pictures(function, model, x):
    """Images that a model for pictures can take."""
    images(function, x, model.patch_size)
    weight = model.patch_proj.weight
    if x.dtype != weight.dtype or x.device != weight.device:
        raise TypeError(
            f"{function}: images must have the dtype and device of the model, got {x.dtype} on "
            f"{x.device} and {weight.dtype} on {weight.device}; write images.to(weight)"
        )
    if x.shape[1] != model.n_channels:
        raise ValueError(
            f"{function}: images must have {model.n_channels} channels, got shape {tuple(x.shape)}"
        )
    count = x.shape[2] * x.shape[3] // model.patch_size**2
    if count + 1 > model.config.max_len:
        raise ValueError(
            f"{function}: images of shape {tuple(x.shape)} have {count} patches, and with the "
            f"class token that is more than max_len, {model.config.max_len}"
        )
