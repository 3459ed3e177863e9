"""Sections named *Exercise 8.1* become cards, those named *Solution 8.1* fold away.

*Five questions* at the end of a chapter are named for print, which has their answers elsewhere.
"""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

from .folds import fold
from .numbers import LOGGER, NUMBER, check, label

NAME = re.compile(rf"(Exercise|Solution) ({NUMBER})")
QUESTIONS = "Five questions"


def setup(app):
    app.add_transform(Exercises)


class Exercises(SphinxTransform):
    default_priority = 400

    def apply(self):
        numbers = {"Exercise": [], "Solution": []}
        for section in list(self.document.findall(nodes.section)):
            if name := NAME.match(section[0].astext()):
                kind, number = name.groups()
                numbers[kind].append(number)
                section["ids"].append(label(self, kind, number))
                DRESS[kind](section)
            elif section[0].astext() == QUESTIONS:
                section["classes"].append("questions")
        check(self, "Exercise", numbers["Exercise"])
        if numbers["Solution"] != numbers["Exercise"]:
            problem = "exercises {Exercise} have solutions {Solution}".format(**numbers)
            LOGGER.warning(problem, location=self.env.docname)


def card(section):
    section["classes"].append("exercise")


def folded(section):
    for cell in section.findall(nodes.container):
        cell.attributes.pop("hide_mode", None)  # folded once is enough
    section.replace_self(fold("", *section[1:], summary="Solution", ids=section["ids"][-1:]))


DRESS = {"Exercise": card, "Solution": folded}
