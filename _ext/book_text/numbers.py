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


def name(kind, number):
    """The id of *figure 8.2* or *exercise 8.2*."""
    return nodes.make_id(f"{kind} {number}")


def label(transform, kind, number):
    """Let a mention of this figure or exercise anywhere lead to the page, and return its id."""
    place = name(kind, number)
    transform.env.get_domain("std").anonlabels[place] = transform.env.docname, place
    return place


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
        places = self.env.get_domain("std").anonlabels
        if place := places.get(name(*mention.groups())):
            return refer(self, place, mention[0])
        LOGGER.warning(f"there is no {mention[0]}", location=self.env.docname)
        return nodes.Text(mention[0])
