"""Things with numbers such as 8.2: counted from 1 within their chapter, and linked where named."""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from .texts import link, refer

LOGGER = logging.getLogger(__name__)
MENTION = re.compile(r"\b(figure|exercise) (\d+\.\d+)\b", re.I)


def setup(app):
    app.add_post_transform(Mentions)


def label(transform, kind, number):
    """The id of *figure 8.2* or *exercise 8.2*, which from now on can be mentioned anywhere."""
    name = f"{kind.lower()}-{number.replace('.', '-')}"
    transform.env.get_domain("std").anonlabels[name] = transform.env.docname, name
    return name


def check(transform, kind, numbers):
    """Warn if the numbers of a page's figures or exercises do not count from 1 in its chapter."""
    page = transform.env.docname
    chapter = re.search(r"(?:^|/)0*(\d+)-[^/]*$", page)
    right = [f"{chapter and chapter[1]}.{i}" for i in range(1, len(numbers) + 1)]
    if numbers != right:
        LOGGER.warning(f"{kind} {numbers} should be {right}", location=page)


class Mentions(SphinxPostTransform):
    default_priority = 20

    def run(self):
        link(self.document, MENTION, self.target)

    def target(self, mention):
        name = f"{mention[1].lower()}-{mention[2].replace('.', '-')}"
        if place := self.env.get_domain("std").anonlabels.get(name):
            return refer(self, place, mention[0])
        LOGGER.warning(f"there is no {mention[0]}", location=self.env.docname)
        return nodes.Text(mention[0])
