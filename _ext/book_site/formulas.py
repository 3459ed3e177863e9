"""MathJax, from the site itself, on pages with formulas, in the parts that these need."""

import re
import shutil
from html import unescape
from importlib.util import find_spec
from pathlib import Path

from .widths import ems

SOURCE = Path(find_spec("sphinx-mathjax-offline").origin).parent / "static" / "mathjax"
PARTS = ["core", "input/tex", "output/chtml", "output/chtml/fonts/tex", "a11y/assistive-mml"]
FETCHED = ["input/tex/extensions", "output/chtml/fonts/woff-v2"]  # when a formula asks for them
START = Path(__file__).with_name("formulas.js")
INLINE = re.compile(r'<span class="math[^"]*"(?=>\\\((.*?)\\\)</span>)', re.DOTALL)


def setup(app):
    app.connect("html-page-context", prepare, priority=900)
    app.connect("build-finished", write, priority=900)


def prepare(app, pagename, templatename, context, doctree):
    """Replace the one script of Sphinx's choice, which has a menu of 108 kB and more."""
    context["script_files"] = [js for js in context["script_files"] if not is_mathjax(js)]
    if 'class="math' in context.get("body", ""):
        context["body"] = INLINE.sub(with_room, context["body"])
        names = ["startup", *PARTS, START.stem]
        context["formula_scripts"] = [f"_static/mathjax/{name}.js" for name in names]


def with_room(span):
    return f'{span[0]} style="--ems: {ems(unescape(span[1])):.1f}"'


def is_mathjax(js):
    return "MathJax" in (js.attributes.get("body") or "") or "mathjax" in str(js.filename)


def write(app, error):
    if error or app.builder.format != "html":
        return
    folder = Path(app.outdir, "_static", "mathjax")
    for name in FETCHED:
        shutil.copytree(SOURCE / name, folder / name, dirs_exist_ok=True)
    for name in ["startup", *PARTS]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SOURCE / f"{name}.js", folder / f"{name}.js")
    loaded = f"MathJax.loader.preLoad(...{PARTS});\n"
    (folder / START.name).write_text(loaded + START.read_text("utf-8"), "utf-8")
