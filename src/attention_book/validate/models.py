"""What goes into a whole model: token ids, padding, caches, memories, images."""

from .caches import room
from .modules import tokens
from .numbers import instance, whole_number
from .tensors import FLOATS, INTS, ids, readable, same_kind, tensor, view


def one_text(function, config, kind):
    instance(function, "config", config, kind)
    if config.n_segments:
        raise ValueError(
            f"{function}: the model has no segments, so n_segments must be 0, got "
            f"{config.n_segments}"
        )


def text(function, model, name, x, caches, mask):
    """Ids that fit behind what the caches keep; returns how many tokens that is."""
    table = model.embeddings.tokens.weight
    places(function, name, x, table)
    batch, length = x.shape
    past = 0 if caches is None else _caches(function, caches, model.config.n_layers, batch, length)
    if past + length > model.config.max_len:
        raise ValueError(
            f"{function}: {name} has {length} tokens after {past} earlier ones, but max_len is "
            f"{model.config.max_len}"
        )
    padding(function, "mask", mask, batch, past + length, x)
    if x.is_cuda:  # a wrong id would end the process there; elsewhere the table itself refuses it
        ids(function, name, x, len(table), "vocab_size")
    return past


def places(function, name, x, table):
    tensor(function, name, x, INTS, ("batch", "tokens"))
    same_kind(function, name, x, "the model", table)
    if x.shape[1] == 0:
        raise ValueError(f"{function}: {name} must have at least one token, got {tuple(x.shape)}")


def padding(function, name, mask, batch, n_keys, x):
    view(function, name, mask, False, (batch, 1, 1, n_keys), x)
    if mask is not None and mask.ndim != 4:
        raise ValueError(
            f"{function}: {name} must be ({batch}, 1, 1, {n_keys}), the batch and all tokens so "
            f"far, got {tuple(mask.shape)}; write {name}[:, None, None]"
        )


def padded_right(function, mask):
    """A word does not come back after the padding, where values can be read without waiting."""
    if mask is None or not (mask.is_cpu and readable(mask)):
        return
    if (mask[..., 1:] & ~mask[..., :-1]).any():
        raise ValueError(
            f"{function}: mask must be padding on the right, got a row whose real tokens do not "
            f"all come first; move the padding behind them"
        )


def _caches(function, caches, n_layers, batch, length):
    if not isinstance(caches, (list, tuple)) or not all(hasattr(c, "max_len") for c in caches):
        raise TypeError(f"{function}: caches must be a list of KVCache, got {_kinds(caches)}")
    lengths = [cache.length for cache in caches]
    if len(set(map(id, caches))) != n_layers or len(lengths) != n_layers or len(set(lengths)) > 1:
        raise ValueError(
            f"{function}: each of the {n_layers} blocks needs a cache of its own, all of one "
            f"length, got {len(set(map(id, caches)))} of lengths {lengths}"
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
    tensor(function, "segments", segments, INTS, tuple(x.shape))


def memories(function, model, target_ids, memories, source_mask):
    if not isinstance(memories, (list, tuple)) or len(memories) != model.config.n_layers:
        got = len(memories) if isinstance(memories, (list, tuple)) else type(memories).__name__
        raise ValueError(
            f"{function}: memories must be a list of {model.config.n_layers}, one for each block, "
            f"as encode returns it, got {got}"
        )
    for i, memory in enumerate(memories):
        tokens(function, f"memories[{i}]", memory, model.embeddings.tokens.weight)
        if len(memory) != len(target_ids):
            raise ValueError(
                f"{function}: memories[{i}] must have the batch of target_ids, got {len(memory)} "
                f"and {len(target_ids)}"
            )
    padding(function, "source_mask", source_mask, *memories[0].shape[:2], target_ids)


def part(function, model, name):
    if getattr(model, name) is None:
        raise ValueError(f"{function}: the weights of this model were published without a {name}")


def images(function, images, size):
    tensor(function, "images", images, FLOATS, ("batch", "channels", "height", "width"))
    size = whole_number(function, "size", size, least=1)
    height, width = images.shape[2:]
    if height % size or width % size or not height * width:
        raise ValueError(
            f"{function}: squares of {size} do not fill images of {height} by {width} pixels"
        )
    return size


def pictures(function, model, x):
    """Images that a model for pictures can take."""
    images(function, x, model.patch_size)
    axes = ("batch", model.n_channels, "height", "width")
    tensor(function, "images", x, FLOATS, axes, like=model.patch_proj.weight)
    count = x.shape[2] * x.shape[3] // model.patch_size**2
    if count + 1 > model.config.max_len:
        raise ValueError(
            f"{function}: images of shape {tuple(x.shape)} have {count} patches, and with the "
            f"class token that is more than max_len, {model.config.max_len}"
        )
