"""The book's fonts, cut to the signs that its pages show."""

from fontTools.ttLib import TTFont

from attention_book.figures.fonts import FOLDER

from . import fonts

FACES = {
    "BookSans-Regular": ("Book Sans", "normal", "400"),
    "BookSans-Bold": ("Book Sans", "normal", "600 700"),
    "BookSerif-Regular": ("Book Serif", "normal", "400"),
    "BookSerif-Italic": ("Book Serif", "italic", "400"),
    "BookSerif-Bold": ("Book Serif", "normal", "600 700"),
}
# What browsers apply by themselves, and tabular numbers; no small capitals and the like.
FEATURES = ["ccmp", "locl", "kern", "liga", "clig", "calt", "mark", "mkmk", "tnum"]


def setup(app):
    app.connect("html-page-context", name)


def name(app, pagename, templatename, context, doctree):
    """The files that layout.html fetches ahead."""
    context["letters"] = list(FACES)


def faces(texts, static):
    """The style rules for the fonts that this writes into `static`."""
    codes = {ord(sign) for text in texts for sign in text}
    return "".join(face(name, codes, static) for name in FACES)


def face(name, codes, static):
    family, style, weight = FACES[name]
    font = TTFont(FOLDER / f"{name}.ttf")
    fonts.write(font, codes, static / f"{name}.woff", layout_features=FEATURES, hinting=False)
    return (
        f'@font-face{{font-family:"{family}";font-style:{style};font-weight:{weight};'
        f'font-display:optional;src:url({name}.woff) format("woff")}}'
    )
