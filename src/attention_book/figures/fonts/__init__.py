"""The book's own fonts, for matplotlib and Vega, and for whoever must know how wide a word is."""

import functools
from pathlib import Path

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

FOLDER = Path(__file__).parent
SANS = ["Book Sans", "DejaVu Sans"]  # matplotlib brings the second, which has more signs
for file in sorted(FOLDER.glob("*.ttf")):
    font_manager.fontManager.addfont(file)


def text_width(text, size):
    """How wide a text is in the book's serif, in the unit of `size`; other signs count as an M."""
    font, signs = _serif()
    font.set_text("".join(c if ord(c) in signs else "M" for c in text), 0)
    return size * font.get_width_height()[0] / 64 / font.units_per_EM


@functools.cache
def _serif():
    font = FT2Font(str(FOLDER / "BookSerif-Regular.ttf"))
    font.set_size(font.units_per_EM, 72)  # so that a pixel is a unit of the font
    return font, frozenset(font.get_charmap())
