"""One style sheet for the whole site, with the rules that are in use and no others."""

import re
import shutil
from pathlib import Path

from . import icons, letters, search
from .css import in_use
from .scripts import LARGE, OWN, SCRIPTS

SHEETS = [
    "basic.css",
    "styles/bootstrap.css",
    "styles/pydata-sphinx-theme.css",
    "font-awesome.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "mystnb.*.css",
    "copybutton.css",
    "book.css",
    "type.css",
    "choice.css",
    "formulas.css",
    "text.css",
    "print.css",
]
MADE_BY_SCRIPTS = {"bs-tooltip-auto"}  # put together from parts, so no search would find it


def setup(app):
    app.connect("html-page-context", leave_out, priority=900)
    app.connect("build-finished", write, priority=900)


def leave_out(app, pagename, templatename, context, doctree):
    """Keep only the sheets that are a page's own; layout.html links the common one."""
    context["css_files"] = [css for css in context["css_files"] if not is_common(css.filename)]


def is_common(filename):
    return any(Path(filename).match(f"_static/{sheet}") for sheet in SHEETS)


def write(app, error):
    if error or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    scripts = [OWN, search.SCRIPT, *(static / name for name in (*SCRIPTS, *LARGE))]
    texts = [file.read_text("utf-8") for file in (*Path(app.outdir).rglob("*.html"), *scripts)]
    words = words_in(texts) | MADE_BY_SCRIPTS
    shutil.copyfile(icons.SHEET, static / "font-awesome.css")
    sheets = [only(static.glob(pattern)).read_text("utf-8") for pattern in SHEETS]
    css = "".join(in_use(sheet, words) for sheet in sheets)
    css = letters.faces(texts, static) + icons.cut(css, static)
    (static / "site.css").write_text(css, "utf-8")


def only(found):
    [file] = found  # none or two are an error
    return file


def words_in(texts):
    """Every word of the texts, among them all classes that are in use."""
    return set(re.findall(r"[\w-]+", " ".join(texts)))
