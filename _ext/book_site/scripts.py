"""One script for the whole site, which waits until the page is read."""

from pathlib import Path

SCRIPTS = [
    "documentation_options.js",
    "doctools.js",
    "scripts/sphinx-book-theme.js",
    "clipboard.min.js",
    "copybutton.js",
]
OWN = Path(__file__).with_name("copied.js")
LEFT_OUT = ["sphinx_highlight.js"]  # keeps Escape from closing a card
LARGE = ["scripts/bootstrap.js", "scripts/pydata-sphinx-theme.js"]  # apart, so that neither blocks
COMMON = {f"_static/{name}" for name in (*SCRIPTS, *LEFT_OUT)}


def setup(app):
    app.connect("html-page-context", leave_out, priority=900)
    app.connect("build-finished", write, priority=900)


def leave_out(app, pagename, templatename, context, doctree):
    """Keep only the scripts that are a page's own, and let them wait as well."""
    if missing := COMMON - {js.filename for js in context["script_files"]}:
        raise ValueError(f"the theme no longer loads {missing}")
    scripts = [js for js in context["script_files"] if not is_common(js)]
    for js in scripts:
        if js.filename:
            js.attributes["defer"] = "defer"
    context["script_files"] = scripts


def is_common(js):
    """Whether site.js has it; the theme's version switcher alone would ask for the page's name."""
    body = js.attributes.get("body") or ""
    return js.filename in COMMON or body.startswith("DOCUMENTATION_OPTIONS.pagename")


def write(app, error):
    if error or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    files = [OWN, *(static / name for name in SCRIPTS)]
    texts = [file.read_text("utf-8").split("//# sourceMappingURL")[0] for file in files]
    (static / "site.js").write_text("\n;\n".join(texts), "utf-8")
