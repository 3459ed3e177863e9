"""The glossary: which words it has, and which chapter builds what a word means."""

import re
from pathlib import Path

import nbformat
from docutils import nodes

PAGE = "chapters/glossary"
ENTRIES = re.compile(r"(?<=:::\{glossary\}\n).*?(?=\n:::)", re.S)
BOLD = re.compile(r"(?<!\*)\*\*([^*]+)\*\*(?!\*)")
CHINESE = re.compile("[一-鿿]")


def setup(app):
    app.connect("source-read", name_chapters)
    app.connect("doctree-read", mark_chinese)


def heads(folder):
    """Each word of the glossary, in any language, with the first word of its entry."""
    path = Path(folder, f"{PAGE}.md")
    entries = ENTRIES.search(path.read_text("utf-8"))[0].split("\n\n") if path.exists() else []
    words = [entry.split("\n  ")[0].split("\n") for entry in entries]
    return {word.lower(): first for first, *others in words for word in (first, *others)}


def headword(text, heads):
    """The entry that words in bold belong to, which may be in the plural; None if there is none."""
    words = " ".join(text.split()).lower()
    singulars = words, words.removesuffix("s"), words.removesuffix("es"), re.sub("ies$", "y", words)
    return next((heads[word] for word in singulars if word in heads), None)


def anchor(head, page):
    """The id of a word where a chapter has it in bold."""
    return nodes.make_id(f"{head} in {Path(page).stem[:2]}")


def builders(folder):
    """The first chapter that has each word in bold; chapter 0, which only shows the way, comes last."""
    known, found = heads(folder), {}
    for path in sorted(Path(folder, "chapters").glob("[0-9]*.ipynb"), key=after_chapter_0):
        cells = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown"]
        for words in BOLD.findall("\n\n".join(cells)):
            found.setdefault(headword(words, known), path)
    return found


def after_chapter_0(path):
    return path.name.startswith("00"), path.name


def name_chapters(app, page, source):
    """End each entry with a link to where the chapter builds what it says."""
    if page == PAGE:
        chapters = builders(app.srcdir)
        for path in chapters.values():
            app.env.note_dependency(str(path))
        source[0] = ENTRIES.sub(lambda entries: named(entries[0], chapters), source[0])


def named(entries, chapters):
    def with_link(entry):
        path = chapters[head := entry.split("\n")[0]]
        return f"{entry}\n\n  [Chapter {int(path.stem[:2])}](#{anchor(head, path)})"

    return "\n\n".join(map(with_link, entries.split("\n\n")))


def mark_chinese(app, doctree):
    for term in doctree.findall(nodes.term):
        if CHINESE.search(term.astext()):
            term["classes"].append("language-zh")  # docutils makes lang="zh" of it
