"""Published tensors by our names: turned, split, none lost and none left over."""

import re
from fnmatch import fnmatchcase

import torch

from .. import validate


def named(ignore, *names):
    """Whether one of the names is among those to leave out, which may hold `*`."""
    return any(fnmatchcase(name, pattern) for name in names for pattern in ignore)


def bare(function, layout, state, tied, ignore):
    """The tensors by the names that the table knows, without copies and what is not used."""
    bare, unused = {}, re.compile(layout.left_out)
    for name, tensor in state.items():
        short = _bare_name(name, layout.prefix)
        if unused.fullmatch(short) or named(ignore, name, short):
            continue
        if short in bare:
            raise ValueError(f"{function}: {short} is there twice, with and without a prefix")
        bare[short] = tensor
    for copy, first in layout.copies.items():
        if copy in bare and tied and not _equal(bare[copy], bare.get(first)):
            raise ValueError(
                f"{function}: {copy} must equal {first}, to which it is tied; if it is a matrix of "
                f"its own, config.json says tie_word_embeddings = false"
            )
        if copy in bare and (tied or copy.endswith(".bias")):
            bare[first] = bare.pop(copy)
    return bare


def _bare_name(name, prefix):
    """Without the prefix, and with today's names for what BERT first called gamma and beta."""
    name = name.removeprefix(prefix)
    name = re.sub(r"LayerNorm\.gamma$", "LayerNorm.weight", name)
    return re.sub(r"LayerNorm\.beta$", "LayerNorm.bias", name)


def _equal(a, b):
    return b is None or (a.shape == b.shape and a.dtype == b.dtype and torch.equal(a, b))


def translated(function, layout, state, model, n_layers):
    """Our state dict from theirs, if nothing is missing, extra or of another shape."""
    table = {n: ours for n, ours in _table(layout, n_layers).items() if set(ours) <= set(model)}
    turned = re.compile(layout.transposed)
    shapes = {}
    for name, ours in table.items():
        rows = sum(model[our].shape[0] for our in ours)
        shape = (rows, *model[ours[0]].shape[1:])
        shapes[name] = shape[::-1] if turned.search(name) else shape
    _must_fit(function, state, shapes, inside=layout.blocks.partition("{")[0])
    result = {}
    for name, ours in table.items():
        tensor = state.pop(name)
        whole = tensor.t() if turned.search(name) else tensor
        result |= zip(ours, whole.split([model[our].shape[0] for our in ours]), strict=True)
    return result


def _must_fit(function, state, shapes, inside):
    """Nothing is missing, extra, of another shape, or of another type than the rest."""
    both = {name: state[name] for name in shapes if name in state}
    first = next(iter(both.values()), torch.empty(0)).dtype
    extra = [name for name in state if name not in shapes]
    wrong = {
        "missing": [name for name in shapes if name not in state],
        "extra": extra,
        "of another shape": [
            f"{name} {tuple(x.shape)} instead of {tuple(shapes[name])}"
            for name, x in both.items()
            if x.shape != shapes[name]
        ],
        "of another type": [
            f"{name} {x.dtype}"
            for name, x in both.items()
            if x.dtype != first or x.dtype not in validate.FLOATS
        ],
    }
    heads = dict.fromkeys(re.sub(r"\.[^.]*$", ".*", n) for n in extra if not n.startswith(inside))
    advice = f"; to leave out what is extra, pass ignore={tuple(heads)}" if heads else ""
    validate.no_disagreement(f"{function}: the weights are not this model's", wrong, advice)


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
