import re

import numpy as np
import pytest

from attention_book.figures.choice import STYLE


def luminance(color):
    linear = np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def token(name, theme):
    """The color that a token of the style sheet has in the theme (0 light, 1 dark)."""
    code = re.findall(rf"--{name}:#([0-9a-f]+)", STYLE)[theme]
    code = code if len(code) == 6 else "".join(2 * digit for digit in code)
    return np.array([int(code[i : i + 2], 16) for i in (0, 2, 4)]) / 255


def shade(percent, theme):
    none, half, full = (token(name, theme) for name in ("none", "half", "full"))
    if percent <= 50:
        return none + (half - none) * percent / 50
    return half + (full - half) * (percent - 50) / 50


def least_contrast(flip, theme):
    return min(
        contrast(shade(p, theme), token("under" if p > flip else "over", theme)) for p in range(101)
    )


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_number_can_be_read_on_its_shade(theme):
    flip = int(re.findall(r"--flip:(\d+)", STYLE)[theme])
    assert least_contrast(flip, theme) >= 4.5
    assert least_contrast(flip - 20, theme) < 4.5
