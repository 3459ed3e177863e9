"""Numbers as a page writes them: whole ones whole, others with three decimals at most."""

import numpy as np


def number(value):
    """A number or a word as text; a vector with its numbers side by side."""
    if isinstance(value, str):
        return value
    if np.ndim(value):
        return " ".join(number(v) for v in value)
    if float(value).is_integer():
        return f"{int(value):,}".replace("-", "−")
    return f"{round(float(value), 3):.3f}".rstrip("0").rstrip(".").replace("-", "−")
