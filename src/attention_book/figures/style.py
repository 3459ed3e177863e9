"""The one visual language of the book: colors, and labels that every font can draw."""

import functools
import unicodedata
from pathlib import Path

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from .fonts import SANS

# Okabe and Ito's hues, darkened until they pass 4.5 : 1 on white; _static/book.css has them too.
QUERY, KEY, VALUE = "#0072b2", "#b34e00", "#007a59"
BAR = "#2171b5"
SERIES = "#3f4a56", "#9b3f7d", "#8f6400"  # curves that are no queries, keys or values
WEIGHTS = "Blues"
SHEET = Path(__file__).with_name("book.mplstyle")
INK, PAPER, FAINT = "#1f2328", "#ffffff", "#8c959f"
SIZE = 12  # points; a figure as wide as a phone still shows them legibly
MISSING = "\N{WHITE SQUARE}"


def label(text):
    """The text with everything that the font cannot draw, or that would reorder it, as a square."""
    return "".join(c if _drawable(c) else MISSING for c in str(text))


def _drawable(character):
    return unicodedata.category(character)[0] != "C" and ord(character) in _glyphs()


@functools.cache
def _glyphs():
    files = map(font_manager.findfont, SANS)
    return frozenset(code for file in files for code in FT2Font(file).get_charmap())
