"""Of STIX Two Math, only the signs of the book's formulas."""

import re
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from unicodedata import decomposition

from fontTools.ttLib import TTFont

from . import fonts

FONT = Path(find_spec("ziamath").origin).parent / "fonts/STIXTwoMath-Regular.ttf"
NAME = "formulas.woff"
LEGAL = [0, 13, 14]  # copyright and license
PRIME, RAISED_PRIME = 0x2032, "minute.ssty"  # Chromium does not choose it by itself
ROOT, ROOT_NAME = 0x221A, "uni221A"  # drawn by <msqrt>, which has no sign of its own
ITALICS = [0x210E, *range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C)]


def setup(app):
    app.connect("build-finished", write)


def write(app, error):
    if error or app.builder.format != "html":
        return
    pages = [page.read_text("utf-8") for page in Path(app.outdir).rglob("*.html")]
    font, signs = load(), shown("".join(pages))
    if lost := signs - font.getBestCmap().keys():
        raise ValueError(f"{FONT.name} has no {', '.join(map(chr, lost))}")
    fonts.write(font, signs, Path(app.outdir, "_static", NAME), hinting=False, name_IDs=LEGAL)


def load():
    font = TTFont(FONT)
    for table in font["cmap"].tables:
        table.cmap[PRIME] = RAISED_PRIME
    narrow_roots(font)
    return font


def narrow_roots(font):
    """Make all sizes as narrow as the first, because Chromium keeps room for the widest."""
    width, _ = font["hmtx"][ROOT_NAME]
    for name in font.getGlyphOrder():
        if name.startswith(f"{ROOT_NAME}."):
            wide, left = font["hmtx"][name]
            font["glyf"][name].coordinates.scale((width / wide, 1))
            font["hmtx"][name] = (width, round(left * width / wide))


def shown(html):
    """The signs of all formulas, and the italics in which a browser shows single letters."""
    formulas = "".join(re.findall("<math.*?</math>", html, re.DOTALL))
    signs = set(map(ord, unescape(re.sub("<[^>]*>", "", formulas)))) | {ROOT}
    return signs | {italic for italic in ITALICS if upright(italic) in signs}


def upright(italic):
    """The letter that Unicode gives as <font> 0041."""
    *_, code = decomposition(chr(italic)).split() or ["0"]
    return int(code, 16)
