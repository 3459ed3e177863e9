"""Things with numbers such as 8.2 or B.2: counted from 1 in their chapter, linked where named."""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from .texts import link, refer

LOGGER = logging.getLogger(__name__)
NUMBER = r"(?:\d+|[A-Z])\.\d+"  # an appendix has a letter
MENTION = re.compile(rf"\b((?i:figure|exercise)) ({NUMBER})\b")


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
    right = [f"{chapter_of(transform)}.{i}" for i in range(1, len(numbers) + 1)]
    if numbers != right:
        LOGGER.warning(f"{kind} {numbers} should be {right}", location=page)


def chapter_of(transform):
    """The number of a chapter, by its file, or the letter of an appendix, by its title."""
    chapter = re.search(r"(?:^|/)0*(\d+)-[^/]*$", transform.env.docname)
    title = next(transform.document.findall(nodes.title), None)
    appendix = re.match(r"([A-Z])\. ", title.astext()) if title else None
    return (chapter or appendix or [None, None])[1]


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
