"""The picture that stands for a page where its address is shared: title, opening, first figure."""

from base64 import b64decode
from io import BytesIO
from pathlib import Path

import nbformat
from docutils import nodes
from matplotlib import get_data_path
from PIL import Image, ImageDraw, ImageFont, ImageOps

WIDTH, HEIGHT = 1200, 630
MARGIN = 72
FIGURE = 470, 400
COLORS = ["#0072b2", "#b34e00", "#007a59"]  # query, key, value
INK, SOFT = "#1f2328", "#59636e"


def picture(app, doctree, title, text):
    """Draw it, and return where it is within the site."""
    source = Path(doctree["source"])
    name = f"_images/pages/{source.stem}.png"
    path = Path(app.outdir, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn = draw(app.config.project, title, text, figure(app, source, doctree))
    drawn.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
    return name


def figure(app, source, doctree):
    """The first picture that a chapter's cells give, else the first that the page shows."""
    if source.suffix == ".ipynb":
        for cell in nbformat.read(source, 4).cells:
            for output in cell.get("outputs", []):
                if png := output.get("data", {}).get("image/png"):
                    return Image.open(BytesIO(b64decode(png))).convert("RGBA")
    image = doctree.next_node(nodes.image)
    return image and Image.open(Path(app.srcdir, image["candidates"]["*"])).convert("RGBA")


def draw(book, title, text, figure):
    card = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(card)
    width = WIDTH - 2 * MARGIN
    if figure:
        width -= FIGURE[0] + MARGIN // 2
        fitted = ImageOps.contain(figure, FIGURE)
        place = WIDTH - MARGIN - fitted.width, (HEIGHT - fitted.height) // 2
        card.paste(fitted, place, fitted)
    y = write(pen, book, "STIXGeneralItalic", 30, SOFT, MARGIN - 16, width)
    y = write(pen, title, "STIXGeneralBol", 64, INK, y + 24, width)
    write(pen, text, "STIXGeneral", 32, INK, y + 24, width)
    for number, color in enumerate(COLORS):
        pen.rectangle((number * 400, HEIGHT - 14, number * 400 + 400, HEIGHT), color)
    return card


def write(pen, text, face, size, color, y, width):
    """Set the text in lines no longer than the width, and return where it ends."""
    font = ImageFont.truetype(Path(get_data_path(), "fonts/ttf", f"{face}.ttf"), size)
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        fits = font.getlength(longer) <= width
        lines[-1:] = [longer] if fits else [lines[-1], word]
    block = (MARGIN, y), "\n".join(lines)
    pen.multiline_text(*block, color, font, spacing=size // 4)
    return pen.multiline_textbbox(*block, font, spacing=size // 4)[3]
