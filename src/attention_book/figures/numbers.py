"""Numbers as a page writes them: whole ones whole, others with three decimals."""

import numpy as np

from .inputs import plain


def number(value):
    """A number or a word as text; a vector with its numbers side by side."""
    if isinstance(value, str):
        return value
    value = plain(value)
    if np.ndim(value):
        return " ".join(number(v) for v in value)
    value = round(float(value), 9)  # so that 0.9999999999999999 is 1 on every machine
    text = f"{value:,.0f}" if value.is_integer() else f"{value:,.3f}"
    return text.replace("-", "−")


def trimmed(value):
    """As short as it is exact to three decimals: a small cell has room for four signs."""
    text = number(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
