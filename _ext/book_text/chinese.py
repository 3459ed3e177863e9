"""Chinese says that it is, so that it is read aloud and set as such, wherever a page has it."""

import re
from pathlib import Path

OTHER = r'<(script|style|title|svg|textarea)\b.*?</\1>|<span lang="zh">.*?</span>|<[^>]*>'
CHINESE = re.compile(rf"{OTHER}|([\u4e00-\u9fff]+)", re.S)


def setup(app):
    app.connect("build-finished", write)


def write(app, error):
    if not error and app.builder.format == "html":
        for page in Path(app.outdir).rglob("*.html"):
            page.write_text(marked(page.read_text("utf-8")), "utf-8")


def marked(html):
    return CHINESE.sub(
        lambda part: f'<span lang="zh">{part[2]}</span>' if part[2] else part[0], html
    )
