"""A search by sections: their texts in one script, which pages opened from a disk can read, too."""

import json
import shutil
from pathlib import Path

from book_text.glossary import heads
from bs4 import BeautifulSoup

SCRIPT = Path(__file__).with_name("search.js")
UNSEEN = "script, style, svg, .headerlink, [popover], .math, math, .af, .toctree-wrapper"
BUILT = "dl.glossary dd > p > a:last-child"  # where the glossary says that a word is built
SPHINX = ["_static/searchtools.js", "_static/language_data.js"]


def setup(app):
    app.connect("build-finished", write, priority=900)


def write(app, error):
    if error or app.builder.name != "html":
        return
    texts = found(app.outdir, [f"{name}.html" for name in sorted(app.env.found_docs)])
    others = {name: head for name, head in heads(app.srcdir).items() if name != head.lower()}
    data = json.dumps({"sections": texts, "names": others}, ensure_ascii=False)
    static = Path(app.outdir, "_static")
    (static / "search-texts.js").write_text(f"const searchTexts = {data};\n", "utf-8")
    shutil.copy(SCRIPT, static)
    for name in SPHINX:
        Path(app.outdir, name).unlink()


def found(folder, names):
    """The sections of these pages."""
    pages = {name: parsed(Path(folder, name)) for name in names}
    links = [a for page in pages.values() for a in page.select(BUILT)]
    built = {link["href"].partition("#")[2] for link in links}
    return [row for name, page in pages.items() for row in sections(page, name, built)]


def parsed(path):
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def sections(page, name, built):
    """Of each section and each entry of a glossary: address, titles, the terms it builds, text."""
    main = page.find(role="main")
    for part in main.select(UNSEEN):
        part.decompose()
    title = words(main.h1)
    parts = [*map(entry, main.select("dl.glossary > dd"))]
    parts += [section(part, built) for part in reversed(main.select("section[id]"))]
    return [{"href": f"{name}#{part.pop('id')}", "page": title, **part} for part in parts]


def entry(meaning):
    """An entry of a glossary, taken out so that the next one is the first."""
    names = [name.extract() for name in reversed(meaning.find_previous_siblings("dt"))]
    title = " ".join(map(words, names))
    return dict(id=names[0]["id"], title=title, terms=[], text=words(meaning.extract()))


def section(part, built):
    """A section, taken out so that those around it are without its text; its code comes last."""
    title = part.extract().find(["h1", "h2", "h3", "h4"]).extract()
    terms = [words(term) for term in part.select(".term") if term["id"] in built]
    code = [words(code.extract()) for code in part.select("pre")]
    return dict(id=part["id"], title=words(title), terms=terms, text=" ".join([words(part), *code]))


def words(part):
    return " ".join(part.get_text().split())
