"""What no source and no output may hold: active markup, and traces of a machine or of a moment."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from nbformat import NotebookNode

from attention_book.figures import live
from tests.notebooks.cells import code_cells, markdown_cells, shown

ACTIVE_TAGS = {"script", "iframe", "frame", "object", "embed", "link", "base", "meta", "form"}
ANYWHERE = {
    "a machine path": r"(?<![\w.])/(home|Users|root|tmp|work|opt|var|mnt)/\w"
    r"|[A-Z]:\\Users|site-packages|file://",
    "a secret": r"-----BEGIN|\bAKIA[0-9A-Z]{12}|\b(ghp|gho|github_pat|hf|sk|xox[bp])[-_]\w{12}",
    "a hidden or bidirectional control": "[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]",
}
IN_OUTPUTS = {
    "an object's address": r"\bat 0x[0-9a-fA-F]+",
    "a version": r"\b\d+\.\d+\.\d+",
    "a timing": r"\d\s?([mµun]s|s|sec|seconds|minutes)\b|\bWall time|\d\s?(it/s|s/it)",
}
OWN_SCRIPT = re.compile(
    r"<script>\(\(figure,data\)=>\{(?P<code>(?:(?!</script).)*)\}\)"
    r'\(document\.getElementById\("af-\w+"\),(?P<data>[^<]*)\)</script>',
    re.DOTALL,
)
LIVE_SCRIPTS = {live.read("shared.js") + script.read_text("utf-8") for script in live.scripts()}


class ActiveMarkup(HTMLParser):
    """Collects whatever in a piece of HTML would run or load something."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ACTIVE_TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            target = re.sub(r"\s", "", value or "").lower()
            if name.startswith("on"):
                self.found.append(f"{name}=")
            if target.startswith(("javascript:", "vbscript:", "data:text")):
                self.found.append(target.split(":")[0] + ":")


def markup(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, str]]:
    pieces = [(cell, cell.source) for cell in markdown_cells(notebook)]
    for cell in code_cells(notebook):
        pieces += [
            (cell, content) for kind, content in shown(cell) if "html" in kind or "svg" in kind
        ]
    for cell, html in pieces:
        for active in ActiveMarkup(OWN_SCRIPT.sub(known, html)).found:
            yield cell, f"holds {active}: figures and text must not run anything"


def known(script: re.Match) -> str:
    """Nothing where a script is the library's own and has plain data; else the script."""
    try:
        json.loads(script["data"])
    except ValueError:
        return script[0]
    return "" if script["code"] in LIVE_SCRIPTS else script[0]


def matches(patterns: dict[str, str], text: str) -> Iterator[str]:
    for name, pattern in patterns.items():
        if match := re.search(pattern, text):
            yield f"holds {name}, {match[0]!r}: leave it out"


def strings(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, str]]:
    for cell in notebook.cells:
        for match in matches(ANYWHERE, cell.source):
            yield cell, match
    for cell in code_cells(notebook):
        for kind, content in shown(cell):
            if not kind.startswith("image/"):
                text = re.sub(r"<style>.*?</style>", "", str(content))  # may say how fast it moves
                for match in matches(ANYWHERE | IN_OUTPUTS, text):
                    yield cell, f"in its output {match}"
