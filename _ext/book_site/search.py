"""Search in pages opened from a disk: there no script may read them, so their texts come as one."""

import json
import re
from pathlib import Path

NAME = "search-texts.js"
MAIN = re.compile(r'<(\w+)[^>]* role="main".*</\1>', re.S)
UNSEEN = re.compile(
    r'<(script|style|a class="headerlink")[ >].*?</(script|style|a)>|<div popover.*?</div>', re.S
)
TAGS = re.compile(r"<(?!/?(section|dt)\b)[^>]*>")  # all but those that a result can lead to


def setup(app):
    app.connect("build-finished", write, priority=900)


def write(app, error):
    if error or app.builder.name != "html":
        return
    names = [f"{name}.html" for name in sorted(app.env.found_docs)]
    texts = {name: text(Path(app.outdir, name).read_text("utf-8")) for name in names}
    code = f"const searchTexts = {json.dumps(texts, ensure_ascii=False)};\n"
    Path(app.outdir, "_static", NAME).write_text(code, "utf-8")


def text(page):
    """The words of a page's main part, in the form from which Sphinx takes a result's context."""
    words = TAGS.sub("", UNSEEN.sub("", MAIN.search(page)[0]))
    return f'<div role="main">{words}</div>'
