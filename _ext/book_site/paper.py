"""The book on paper, offered where `make pdf` has printed it before this build."""

import re
import shutil
from pathlib import Path

NAME = "attention-step-by-step.pdf"
OFFER = re.compile(rf'<p>(?:(?!</p>).)*<a href="{re.escape(NAME)}">.*?</p>\n?', re.S)


def setup(app):
    app.connect("html-page-context", leave_out)
    app.connect("build-finished", copy)


def printed(app):
    return Path(app.outdir).parent / NAME


def offered(app):
    return app.builder.name == "html" and printed(app).exists()


def leave_out(app, pagename, templatename, context, doctree):
    """Without the file, the paragraph that leads to it is left out."""
    if doctree and not offered(app):
        context["body"] = OFFER.sub("", context["body"])


def copy(app, error):
    if not error and offered(app):
        shutil.copy(printed(app), app.outdir)
