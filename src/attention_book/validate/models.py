"""What goes into a whole model: token ids, padding, caches, memories, images."""

from .caches import room
from .modules import tokens
from .numbers import instance, refuse, whole_number
from .tensors import FLOATS, INTS, readable, same_kind, tensor, view


def one_text(function, config, kind):
    instance(function, "config", config, kind)
    if n := config.n_segments:
        refuse(function, "n_segments", "be 0, as the model has no segments", n)


def text(function, model, name, x, caches, mask, mask_name="mask"):
    """Ids that fit behind what the caches keep; returns how many tokens that is."""
    table, most = model.embeddings.tokens.weight, model.config.max_len
    places(function, name, x, table)
    batch, length = x.shape
    past = 0 if caches is None else _caches(function, caches, model.config.n_layers, batch, length)
    if past + length > most:
        raise ValueError(
            f"{function}: {name} has {length} tokens after {past} earlier ones, but max_len is "
            f"{most}"
        )
    padding(function, mask_name, mask, batch, past + length, x)
    return past


def places(function, name, x, table):
    tensor(function, name, x, INTS, ("batch", "tokens"))
    same_kind(function, name, x, "the model", table)
    if x.shape[1] == 0:
        refuse(function, name, "have at least one token", tuple(x.shape))


def padding(function, name, mask, batch, n_keys, x):
    full = (batch, 1, 1, n_keys)
    view(function, name, mask, False, full, x)
    if mask is not None and mask.ndim != 4:
        wanted, write = (
            f"be {full}, the batch and all tokens so far",
            f"write {name}[:, None, None]",
        )
        refuse(function, name, wanted, tuple(mask.shape), write)


def padded_right(function, mask):
    """A word does not come back after the padding, where values can be read without waiting."""
    if mask is None or not (mask.is_cpu and readable(mask)):
        return
    if (mask[..., 1:] & ~mask[..., :-1]).any():
        got = "a row whose real tokens do not all come first"
        refuse(function, "mask", "be padding on the right", got, "move the padding behind them")


def _caches(function, caches, n_layers, batch, length):
    items = caches if isinstance(caches, (list, tuple)) else [caches]
    other = next((type(x).__name__ for x in items if not hasattr(x, "max_len")), None)
    if other or items is not caches:
        refuse(function, "caches", "be a list of KVCache", other or "a single one", kind=TypeError)
    lengths = [cache.length for cache in caches]
    if len(set(map(id, caches))) != n_layers or len(lengths) != n_layers or len(set(lengths)) > 1:
        raise ValueError(
            f"{function}: each of the {n_layers} blocks needs a cache of its own, all of one "
            f"length, got {len(set(map(id, caches)))} of lengths {sorted(set(lengths))[:9]}"
        )
    for cache in caches:
        room(function, cache, batch, length)
    return lengths[0]


def segments(function, model, x, segments):
    if segments is None:
        return
    if model.embeddings.segments is None:
        raise ValueError(f"{function}: segments were given, but the model's n_segments is 0")
    tensor(function, "segments", segments, INTS, tuple(x.shape))


def memories(function, model, target_ids, memories, source_mask):
    n, (batch, _) = model.config.n_layers, target_ids.shape
    if not isinstance(memories, (list, tuple)) or len(memories) != n:
        got = len(memories) if isinstance(memories, (list, tuple)) else type(memories).__name__
        refuse(function, "memories", f"be {n}, one for each block, as encode returns them", got)
    for i, memory in enumerate(memories):
        tokens(function, f"memories[{i}]", memory, model.embeddings.tokens.weight)
        if len(memory) != batch:
            got = f"{len(memory)} and {batch}"
            refuse(function, f"memories[{i}]", "have the batch of target_ids", got)
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
    count, most = x.shape[2] * x.shape[3] // model.patch_size**2, model.config.max_len
    if count >= most:
        wanted = f"leave room for the class token in max_len, {most}"
        refuse(function, "images", wanted, f"{count} patches of shape {tuple(x.shape)}")


def strips(function, images, width):
    tensor(function, "images", images, FLOATS, ("batch", "channels", "height", "width"))
    width = whole_number(function, "width", width, least=1)
    if images.shape[3] % width or not images.shape[3]:
        raise ValueError(
            f"{function}: strips of {width} do not fill images that are {images.shape[3]} wide"
        )
    return width


def striped(function, model, x):
    """Images that a model can read strip by strip."""
    strips(function, x, model.strip_width)
    axes = ("batch", 1, model.height, "width")
    tensor(function, "images", x, FLOATS, axes, like=model.strip_proj.weight)
    count, most = x.shape[3] // model.strip_width, model.config.max_len
    if count > most:
        refuse(function, "images", f"have at most max_len = {most} strips", count)
