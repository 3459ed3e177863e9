"""Say how large each image is, so that nothing moves when it comes, and let those below wait."""

import re
from pathlib import Path

import imagesize

IMAGE = re.compile(r'<img (?=[^>]*src="([^"]*_images/[^"]*)")(?![^>]* width=)')


def setup(app):
    app.connect("html-page-context", add_sizes)


def add_sizes(app, pagename, templatename, context, doctree):
    if doctree:
        sources = {name: source for source, name in app.builder.images.items()}
        context["body"] = IMAGE.sub(lambda found: opening(found, sources, app), context["body"])


def opening(found, sources, app):
    source = Path(app.srcdir, sources[Path(found[1]).name])
    width, height = imagesize.get(source)
    return f'<img width="{width}" height="{height}" loading="lazy" '
