"""Formulas as MathML, which a browser sets without a script."""

import re
from html import escape

from docutils.nodes import SkipNode
from math_core import LatexError, LatexToMathML
from sphinx.util import logging

from . import formula_font

logger = logging.getLogger(__name__)
converter = LatexToMathML(fancy_error=False)
COLOR = re.compile(r"(\\(?:text)?color)\{(#\w+)\}")
CLASSES = {"#0072B2": "query", "#B34E00": "key", "#007A59": "value"}
BLACK = 'style="color:#000000;"'  # stands for any color, as math-core takes no `#`
ROW_SPACE = re.compile(r"(?<=\\\\)\[[^]]*\]")  # unknown to math-core; formulas.css spaces the rows
AFTER_RELATION = re.compile(r"(?<==)|(?<=\\approx)|(?<=\\[gl]e)\b")
SPACE = re.compile(r"\\q?quad\b")
GROUPS = ["{}", "()", "[]", (r"\begin", r"\end")]
LONG = 24  # signs of TeX


def setup(app):
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    formula_font.setup(app)


def inline(writer, node):
    writer.body.append(breakable(node.astext(), node))
    raise SkipNode


def block(writer, node):
    writer.body.append(writer.starttag(node, "div", CLASS="math"))
    if node["number"]:
        writer.body.append(f'<span class="eqno">({node["number"]})')
        writer.add_permalink_ref(node, "Link to this equation")
        writer.body.append("</span>")
    parts = cut(node.astext(), SPACE)
    writer.body.append(" ".join(breakable(part, node, ' displaystyle="true"') for part in parts))
    writer.body.append("</div>\n")
    raise SkipNode


def breakable(tex, node, attributes=""):
    """The formula, in which a line may end after a relation if it is long."""
    *pieces, last = cut(tex, AFTER_RELATION) if len(tex) > LONG else [tex]
    pieces = [f"{piece}{{}}" for piece in pieces] + [last]  # with {}, a relation keeps its space
    made = [mathml(piece, node, attributes) for piece in pieces]
    return "<wbr>".join(f'<span class="math">{piece}</span>' for piece in made)


def cut(tex, sign):
    """What stands between the signs that are outside of any group."""
    places = [found.span() for found in sign.finditer(tex) if is_whole(tex[: found.start()])]
    starts, ends = zip(*places, strict=True) if places else ((), ())
    return [tex[start:end] for start, end in zip([0, *ends], [*starts, len(tex)], strict=True)]


def is_whole(tex):
    return all(tex.count(start) == tex.count(end) for start, end in GROUPS)


def mathml(tex, node, attributes):
    source = COLOR.sub(r"\1{black}", ROW_SPACE.sub("", tex))
    try:
        made = converter.convert_with_local_state(source, displaystyle=bool(attributes))
        for _, color in COLOR.findall(tex):
            made = made.replace(BLACK, f'class="{CLASSES[color]}"', 1)
    except (LatexError, KeyError) as error:
        logger.warning("formula %s: %s", tex, error, location=node)
        return f"<code>{escape(tex)}</code>"
    spoken = escape(" ".join(COLOR.sub("", tex).split()))
    return re.sub("^<math[^>]*", lambda _: f'<math alttext="{spoken}"{attributes}', made)
