"""Above each chapter, the line of all chapters with its own stop lit."""

import re
from html import escape

NUMBER = re.compile(r"chapters/(\d\d)-")
NEAR = 6  # stops from here on, which a phone has no room for


def setup(app):
    app.connect("html-page-context", add_line)


def add_line(app, page, template, context, doctree):
    if doctree and NUMBER.match(page):
        context["body"] = line(app, page) + context["body"]


def line(app, page):
    chapters = sorted(filter(NUMBER.match, app.env.titles))
    stops = "".join(stop(app, page, chapter) for chapter in chapters)
    return f'<nav class="stops" aria-label="Chapters"><ol>{stops}</ol></nav>'


def stop(app, page, chapter):
    number, own = (int(NUMBER.match(name)[1]) for name in (chapter, page))
    here = ' aria-current="page"' if chapter == page else ""
    distant = ' class="distant"' if abs(number - own) > NEAR else ""
    address = app.builder.get_relative_uri(page, chapter)
    title = escape(app.env.titles[chapter].astext())
    return f'<li{distant}><a href="{address}" aria-label="{title}"{here}>{number}</a></li>'
