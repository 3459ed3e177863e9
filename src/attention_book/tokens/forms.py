"""The forms in which ids come: one id, a row, a batch of rows, the steps of a generation."""


def texts(where, ids, text):
    """`text(where, row)` of one id or a row of ids; a list of them of several rows, or of steps.

    Lists in a list are rows. Arrays or tensors in a list are the steps that `generate` yields,
    each with one id for every text.
    """
    if hasattr(ids, "ndim"):
        return text(where, ids.reshape(-1).tolist()) if ids.ndim < 2 else _rows(where, ids, text)
    ids = list(as_row(ids))
    if not ids or not all(map(_is_row, ids)):
        return text(where, ids)
    return _rows(where, _columns(where, ids) if all(map(_is_step, ids)) else ids, text)


def as_row(ids):
    """One id alone is a row of one, and so is what no ids are made of, for errors to name."""
    row = hasattr(ids, "__iter__") and getattr(ids, "ndim", 1) and not isinstance(ids, (str, bytes))
    return ids if row else [ids]


def _rows(where, rows, text):
    return [texts(f"{where}, row {n}", row, text) for n, row in enumerate(rows)]


def _is_row(x):
    return isinstance(x, (list, tuple)) or getattr(x, "ndim", 0) > 0


def _is_step(x):
    return getattr(x, "ndim", 0) == 1


def _columns(where, steps):
    sizes = sorted({len(step) for step in steps})
    if len(sizes) > 1:
        raise ValueError(
            f"{where}: arrays in a list are steps, with one id for every text, but one has "
            f"{sizes[0]} and another {sizes[-1]}; rows of different lengths must be lists, "
            f"write [row.tolist() for row in ids]"
        )
    return list(zip(*(step.tolist() for step in steps), strict=True))
