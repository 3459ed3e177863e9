"""Slider figures on the book's pages: a picture at once, the chart when it comes into view.

Vega's code comes to the site, for the pages that need it and for no other; _config.yml registers
this extension.
"""

import json
import re
import shutil
from hashlib import sha256
from pathlib import Path

import vl_convert
from docutils import nodes
from myst_nb.core.render import load_mime_renders

from attention_book.figures.choice import STYLE, read
from attention_book.figures.labels import html
from attention_book.figures.slider.chart import VEGA_LITE

BUILDERS = ("html", "dirhtml", "singlehtml")
START = Path(__file__).with_name("vega-start.js")
BUNDLE = "vega-bundle.js"
VERSION = "6.4"  # of Vega-Lite: notebooks know an older one, which would warn of the newest Vega
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
CONTROL = 44  # pixels


class VegaLite:
    """MyST-NB's renderer of slider figures."""

    mime_priority_overrides = tuple((builder, VEGA_LITE, 5) for builder in BUILDERS)

    @staticmethod
    def handle_mime(renderer, data, inline):
        if data.mime_type != VEGA_LITE or inline:
            return None
        renderer.add_js_file("vega", START.name, {"defer": "defer"})
        return [nodes.raw(text=markup(json.loads(json.dumps(data.content))), format="html")]


def markup(spec):
    """A slider figure as HTML, with its room reserved, so that nothing jumps when it starts."""
    about = spec["usermeta"]
    spec = {k: v for k, v in spec.items() if k != "title"}  # the page says it
    spec |= {"$schema": SCHEMA, "config": spec["config"] | {"background": "transparent"}}
    picture = vl_convert.vegalite_to_svg(spec, vl_version=VERSION)
    spec |= {"width": "container"} if "width" in spec else {}
    code = json.dumps(spec, separators=(",", ":"), sort_keys=True).replace("<", "\\u003c")
    name = "af-" + sha256(code.encode()).hexdigest()[:6]
    picture = re.sub(r"\b(clip|gradient_)(?=\d)", rf"{name}-\1", picture)
    answer = about["answer"] and (
        f"<details><summary>Answer</summary><p>{html(about['answer'])}</p></details>"
    )
    controls = sum("bind" in parameter for parameter in spec["params"])
    return (
        f'<figure class="af" id="{name}"><style>{STYLE}{read("slider/slider.css")}</style>'
        f'<figcaption class="af-title">{html(about["title"])}</figcaption>'
        f'<div class="af-view" role="img" aria-label="{html(about["title"])}" '
        f'style="padding-bottom:{CONTROL * controls}px">{picture}</div>'
        f'<script type="application/json">{code}</script>'
        f'<p class="af-hint"><strong>Try this:</strong> {html(about["hint"])}</p>'
        f"{answer}<details><summary>The numbers</summary>{about['numbers']}</details></figure>"
    )


def bundle():
    """Vega, Vega-Lite and Vega-Embed as one script that leaves one name behind."""
    code = vl_convert.javascript_bundle("window.bookVega = vegaEmbed;", vl_version=VERSION)
    return f"(() => {{{code}}})();"


def setup(app):
    # MyST-NB reads the entry points of installed packages once, and goes on with this list.
    if VegaLite not in load_mime_renders():
        load_mime_renders().append(VegaLite)
    app.connect("builder-inited", bring_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def bring_scripts(app):
    folder = Path(app.doctreedir) / "vega"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / BUNDLE).write_text(bundle(), "utf-8")
    shutil.copy(START, folder)
    app.config.html_static_path.append(str(folder))
