"""What a reader hands to a figure, as the plain numbers and texts that are meant."""

import numpy as np


def array(x, where):
    """float64, from numbers in lists, arrays, and tensors of any device, precision or gradient.

    `where` names figure and argument in the ValueError for anything else.
    """
    try:
        return np.asarray(plain(x), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{where} must be numbers in rows of one length, as a list, an array or a tensor: "
            f"{error}"
        ) from None


def plain(x):
    """Tensors as arrays, also within lists; everything else as it is."""
    if isinstance(x, list | tuple):
        return [plain(y) for y in x]
    if not hasattr(x, "detach"):
        return x
    x = x.detach().cpu()
    return (x.double() if x.is_floating_point() else x).numpy()


def text(label):
    """The label as text; a number of an array or a tensor is that number."""
    return str(label.item() if hasattr(label, "item") else label)


def texts(labels, where):
    """All labels as texts; ValueError for none."""
    if not (found := [text(label) for label in labels]):
        raise ValueError(f"{where} are empty, expected at least one")
    return found


def place(options, chosen, where):
    """The place of what is chosen: itself, counted from the end below 0, or that of the text."""
    count = len(options)
    if isinstance(chosen, str) and chosen in options:
        return options.index(chosen)
    if not isinstance(chosen, str) and -count <= chosen < count:
        return range(count)[chosen]
    raise ValueError(
        f"{where} is {chosen!r}, expected one of {', '.join(map(repr, options))}, or its place, "
        f"from 0 to {count - 1}"
    )
