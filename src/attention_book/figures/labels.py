"""Labels that strangers wrote, made safe to show: no markup, no control characters, never empty."""

import unicodedata
from html import escape

MISSING = "\N{WHITE SQUARE}"
SPACE = "\N{OPEN BOX}"
MOST = 20


def plain(text):
    """The text with control and reordering characters as squares, and something to see in it."""
    shown = "".join(MISSING if unicodedata.category(c)[0] == "C" else c for c in str(text))
    return shown if shown.strip() else SPACE * len(shown) or MISSING


def html(text):
    """The text as HTML that cannot hold an element, whatever the text is."""
    return escape(plain(text))


def short(text):
    """The label, cut where it would leave no room for the picture."""
    shown = plain(text)
    return shown if len(shown) <= MOST else shown[: MOST - 1] + "…"
