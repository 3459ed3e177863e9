"""Of Font Awesome, only the signs that a style sheet names."""

import re
from pathlib import Path

import pydata_sphinx_theme
from fontTools.ttLib import TTFont

from . import fonts

THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme"
[FOLDER] = THEME.glob("static/vendor/fontawesome/*")
SHEET = FOLDER / "css" / "all.min.css"
FONTS = ["fa-solid-900", "fa-brands-400"]
FACE = re.compile(r"@font-face\{[^}]*?src:url\(\.\./webfonts/([\w-]+)[^}]*\}")


def cut(css, static):
    """The style sheet with faces for the fonts alone that this writes into `static`."""
    if missing := set(FONTS) - set(FACE.findall(css)):
        raise ValueError(f"the style sheet has no face for {missing}")
    codes = {ord(sign) for sign in re.findall("[\ue000-\uf8ff]", css)}
    for name in FONTS:
        font = TTFont(FOLDER / f"webfonts/{name}.ttf")
        fonts.write(font, codes, static / f"{name}.woff")
    return FACE.sub(own_face, css)


def own_face(face):
    if face[1] not in FONTS:
        return ""
    return re.sub(r"src:[^;}]*", f'src:url({face[1]}.woff) format("woff")', face[0])
