"""One style sheet for the whole site: of all that its parts bring, only the rules in use."""

import re
from pathlib import Path

import pydata_sphinx_theme
import tinycss2

from . import icons

SHEETS = [
    "basic.css",
    "styles/bootstrap.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "mystnb.*.css",
    "copybutton.css",
    "exercise.css",
    "togglebutton.css",
    "sphinx-design.min.css",
    "book.css",
]
MADE_BY_SCRIPTS = {"bs-tooltip-auto"}  # put together from parts, so no search would find it
GROUPS = {"media", "supports", "layer"}


def setup(app):
    app.connect("html-page-context", leave_out_parts, priority=900)
    app.connect("build-finished", write)


def leave_out_parts(app, pagename, templatename, context, doctree):
    """Keep on a page only the sheets that are its own; layout.html links the common one."""
    context["css_files"] = [
        sheet
        for sheet in context["css_files"]
        if not any(Path(sheet.filename).match(f"_static/{part}") for part in [*SHEETS, "theme.css"])
    ]


def write(app, error):
    if error or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    words = words_in(app.outdir) | MADE_BY_SCRIPTS
    sheets = [icons.SHEET, *(next(static.glob(pattern)) for pattern in SHEETS)]
    css = "".join(in_use(sheet.read_text(), words) for sheet in sheets)
    (static / "site.css").write_text(icons.cut_fonts(css, static / "icons"))


def words_in(outdir):
    """Every word of the pages and their scripts, among them all names of classes in use."""
    pages = [*Path(outdir).rglob("*.html"), *Path(outdir, "_static").glob("**/*.js")]
    texts = (page.read_text() for page in pages if "mathjax" not in page.parts)
    return set().union(*(re.findall(r"[\w-]+", text) for text in texts))


def in_use(css, words):
    """The rules of a style sheet that can match an element with one of the given class names."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(kept(rules, words))


def kept(rules, words):
    for rule in rules:
        if rule.type == "qualified-rule":
            if selectors := [s for s in split(rule.prelude) if names(s) <= words]:
                yield f"{','.join(map(small, selectors))}{{{small(rule.content)}}}"
        elif rule.lower_at_keyword in GROUPS and rule.content:
            inner = tinycss2.parse_rule_list(rule.content, True, True)
            if body := "".join(kept(inner, words)):
                yield f"@{rule.at_keyword}{small(rule.prelude, ' ')}{{{body}}}"
        elif rule.lower_at_keyword != "charset":
            yield small([rule])
