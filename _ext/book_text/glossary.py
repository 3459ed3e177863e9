"""The glossary: which words it has, and where a chapter builds what a word means."""

import re
from pathlib import Path

from docutils import nodes

PAGE = "chapters/glossary"
ENTRIES = re.compile(r"(?<=:::\{glossary\}\n).*?(?=\n:::)", re.S)
CHAPTER = re.compile(r"(?<=\n  )(\[Chapter \d+\])\((.+)\.ipynb\)$")


def setup(app):
    app.connect("source-read", lead_to_words)


def entries(text):
    """The text of each entry: words in several languages, what they mean, and a chapter."""
    found = ENTRIES.search(text)
    return found[0].split("\n\n") if found else []


def heads(folder):
    """Each word of the glossary, in any language, with the first word of its entry."""
    path = Path(folder, f"{PAGE}.md")
    found = entries(path.read_text("utf-8")) if path.exists() else []
    words = [entry.split("\n  ")[0].split("\n") for entry in found]
    return {word.lower(): first for first, *others in words for word in (first, *others)}


def headword(text, heads):
    """The entry that words in bold belong to, which may be in the plural; None if there is none."""
    words = " ".join(text.split()).lower()
    singulars = words, words.removesuffix("s"), words.removesuffix("es"), re.sub("ies$", "y", words)
    return next((heads[word] for word in singulars if word in heads), None)


def anchor(head, page):
    """The id of a word where a chapter has it in bold."""
    return nodes.make_id(f"{head} in {Path(page).stem[:2]}")


def lead_to_words(app, page, source):
    """Let the chapter with which an entry ends mean the place where it has the word in bold."""
    if page == PAGE:
        changed = "\n\n".join(map(with_anchor, entries(source[0])))
        source[0] = ENTRIES.sub(lambda _: changed, source[0])


def with_anchor(entry):
    head = entry.split("\n")[0]
    return CHAPTER.sub(lambda link: f"{link[1]}(#{anchor(head, link[2])})", entry)
