"""A picture from boxes and words, once: as SVG where markup is shown, as PNG where it is not."""

from collections import defaultdict
from html import escape
from urllib.parse import quote

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from . import style
from .labels import plain
from .picture import png

HATCH = "hatch"
PATTERN = (
    "<pattern id='hatch' width='6' height='6' patternUnits='userSpaceOnUse' "
    "patternTransform='rotate(45)'><path d='M0 0v6' stroke='{}' stroke-width='2'/></pattern>"
)
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
DOTS_PER_INCH = 96


class Drawing:
    """Boxes and texts on white, in pixels from the upper left corner."""

    def __init__(self, width, height):
        self.width, self.height = round(width), round(height)
        self.boxes = defaultdict(list)  # by look, so that the SVG says each look once
        self.texts = defaultdict(list)

    def box(self, x, y, width, height, color):
        """A filled box; the color `HATCH` stands for a masked one."""
        self.boxes[color, round(height)].append((round(x), round(y), round(width)))

    def text(self, x, y, text, *, color=style.INK, align="center", size=13, turn=0):
        """A line of text at its left, center or right, turned counterclockwise by degrees."""
        self.texts[color, align, size, turn].append((round(x), round(y), plain(text)))

    def svg(self):
        size = f"width='{self.width}' height='{self.height}'"
        shapes = [_svg_boxes(*look, boxes) for look, boxes in self.boxes.items()]
        texts = [_svg_texts(look, texts) for look, texts in self.texts.items()]
        return (
            f"<svg xmlns='http://www.w3.org/2000/svg' {size} font-family='sans-serif'>"
            f"{PATTERN.format(style.FAINT)}<rect {size} fill='#fff'/>"
            f"{''.join(shapes)}{''.join(texts)}</svg>"
        )

    def address(self):
        """The SVG as an address for `<img src>`."""
        return "data:image/svg+xml," + quote(self.svg(), safe=" /:=;,'()")

    def png(self):
        return png(self._figure, dpi=1.5 * DOTS_PER_INCH)

    def _figure(self):
        inches = self.width / DOTS_PER_INCH, self.height / DOTS_PER_INCH
        figure = Figure(figsize=inches)
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, self.width), ylim=(self.height, 0))
        axes.set_axis_off()
        for (color, height), boxes in self.boxes.items():
            for x, y, width in boxes:
                axes.add_patch(Rectangle((x, y), width, height, lw=0, **_look(color)))
        for look, texts in self.texts.items():
            for x, y, text in texts:
                axes.text(x, y, style.label(text), **_type(*look))
        return figure


def _svg_boxes(color, height, boxes):
    lines = "".join(f"M{x} {y + height / 2:g}h{width}" for x, y, width in boxes)
    stroke = "url(#hatch)" if color == HATCH else color
    return f"<path d='{lines}' stroke='{stroke}' stroke-width='{height}'/>"


def _svg_texts(look, texts):
    color, align, size, turn = look
    lines = (f"<text {_place(x, y, turn)} dy='.35em'>{escape(text)}</text>" for x, y, text in texts)
    group = f"<g fill='{color}' text-anchor='{ANCHORS[align]}' font-size='{size}'>"
    return f"{group}{''.join(lines)}</g>"


def _place(x, y, turn):
    return f"x='{x}' y='{y}'" + (f" transform='rotate({-turn} {x} {y})'" if turn else "")


def _look(color):
    if color == HATCH:
        return {"fc": style.PAPER, "ec": style.FAINT, "hatch": "////"}
    return {"fc": color}


def _type(color, align, size, turn):
    look = {"color": color, "fontsize": size * 72 / DOTS_PER_INCH, "parse_math": False}
    return look | {"ha": align, "va": "center", "rotation": turn, "rotation_mode": "anchor"}
