"""The head of each page: one title, one address, and a description that search engines and link
previews can show, whole sentences from the page's own opening.

A preview's picture and a canonical link need an absolute address, so there are none until the
repository's address is set.
"""

import re
from html import escape, unescape

from docutils import nodes
from sphinx.util import logging

from .pictures import HEIGHT, WIDTH, picture

LOGGER = logging.getLogger(__name__)
LENGTH = 200
FORMULA = "\0"
SENTENCES = re.compile(r"(?<=[.?!…])\s+(?=[A-Z0-9])")
VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>\n?')  # docutils' own beside the theme's
ADDRESS = re.compile(r'<meta property="og:url"[^>]*>\n?')
ADDED = {
    "404": "There is no page at this address.",
    "genindex": "Where the terms of the book are explained.",
    "search": "Find the pages of the book that have a word.",
}


def setup(app):
    app.connect("html-page-context", describe, priority=400)
    app.connect("html-page-context", clean, priority=900)


def describe(app, pagename, templatename, context, doctree):
    """Before sphinxext.opengraph, which takes what is here as it is."""
    text = escape(opening(doctree) if doctree else ADDED.get(pagename, ""))
    tag = f'<meta name="description" content="{text}" />\n' if text else ""
    context["metatags"] = context.get("metatags", "") + tag
    context["meta"] = {**(context.get("meta") or {}), "og:description": text}
    if app.config.html_baseurl and doctree:
        if pagename == app.config.root_doc:
            context["pageurl"] = app.config.html_baseurl
        path = picture(app, doctree, unescape(context["title"]), unescape(text))
        context["meta"] |= preview(context["pageurl"], app.config.html_baseurl + path)
        context["metatags"] += '<meta name="twitter:card" content="summary_large_image" />\n'


def preview(address, picture):
    return {
        "og:url": address,
        "og:image": picture,
        "og:image:alt": "The title and the opening of the page, and a figure from it.",
        "og:image:width": str(WIDTH),
        "og:image:height": str(HEIGHT),
    }


def clean(app, pagename, templatename, context, doctree):
    context["metatags"] = VIEWPORT.sub("", context["metatags"])
    if not app.config.html_baseurl:
        context["metatags"] = ADDRESS.sub("", context["metatags"])


def opening(doctree):
    """The first sentences of a page, as many as a preview shows, up to the first formula."""
    section = doctree.next_node(nodes.section)
    paragraphs = [part for part in section.children if isinstance(part, nodes.paragraph)]
    words = " ".join(map(plain, paragraphs[:2])).split()
    text = ""
    for sentence in SENTENCES.split(" ".join(words)):
        if FORMULA in sentence or (text and len(f"{text} {sentence}") > LENGTH):
            break
        text = f"{text} {sentence}".lstrip()
    if not text:
        LOGGER.warning("no sentence opens the page, so nothing describes it", location=doctree)
    return text


def plain(paragraph):
    return "".join(
        FORMULA if isinstance(text.parent, (nodes.math, nodes.raw)) else text
        for text in paragraph.findall(nodes.Text)
    )
