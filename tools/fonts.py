"""Make the book's fonts from npm's packages of Source Sans 3 and Source Serif 4.

npm pack @fontsource/source-sans-3@5.3.1 @fontsource/source-serif-4@5.3.1   # and unpack both
python -m tools.fonts FOLDER_OF_SANS FOLDER_OF_SERIF
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

from attention_book.figures.fonts import FOLDER

STYLES = {"400-normal": "Regular", "400-italic": "Italic", "600-normal": "Bold"}  # none is heavier
WANTED = {"Book Sans": ["400-normal", "600-normal"], "Book Serif": [*STYLES]}
KEPT = {0, 5, 13, 14}  # copyright, version, license


def part(source: Path, target: Path) -> Path:
    """One alphabet of a font, without what differs between alphabets and no browser needs."""
    font = TTFont(source)
    font.flavor = None
    for table in {"BASE", "STAT"} & {*font.keys()}:
        del font[table]
    font.save(target)
    return target


def renamed(font: TTFont, family: str, style: str) -> TTFont:
    if style == "Bold":
        font["OS/2"].usWeightClass = 700
    whole = f"{family} {style}"
    names = {1: family, 2: style, 3: whole, 4: whole, 6: whole.replace(" ", "-"), 16: family}
    names |= {17: style}
    for record in [*font["name"].names]:
        if record.nameID in names:
            record.string = names[record.nameID]
        elif record.nameID not in KEPT:
            font["name"].removeNames(record.nameID)
    return font


def make(package: Path, family: str, kind: str) -> None:
    with TemporaryDirectory() as folder:
        parts = [
            part(found, Path(folder, f"{alphabet}.ttf"))
            for alphabet in ("latin", "greek")
            for found in package.glob(f"files/*-{alphabet}-{kind}.woff2")
        ]
        font = renamed(Merger().merge([*map(str, parts)]), family, STYLES[kind])
        font.save(FOLDER / f"{family.replace(' ', '')}-{STYLES[kind]}.ttf")


if __name__ == "__main__":
    for package, (family, kinds) in zip(sys.argv[1:], WANTED.items(), strict=True):
        for kind in kinds:
            make(Path(package), family, kind)
