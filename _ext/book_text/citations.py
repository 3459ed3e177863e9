"""*Vaswani et al. (2017)* leads to its entry in the bibliography, which goes by that name too."""

import re

from docutils import nodes
from pybtex.plugin import register_plugin
from pybtex.style.formatting.plain import Style as Plain
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.sorting import BaseSortingStyle
from sphinx.transforms.post_transforms import SphinxPostTransform

from .numbers import LOGGER
from .texts import link, refer

NAME = r"[A-Z][\w’'-]+"
NAMES = rf"{NAME}(?:(?:, {NAME})* and {NAME}| et al\.)?"
WHEN = r"(\d{4}|n\.d\.)"  # with no date where a work has none
YEAR = rf"(?:, {WHEN}| \({WHEN}(?:\)|(?=[,;])))"


def setup(app):
    register_plugin("pybtex.style.formatting", "book", Style)
    app.add_post_transform(Citations)


class Citations(SphinxPostTransform):
    default_priority = 20

    def run(self):
        self.cited = self.env.get_domain("cite")
        self.keys = keys(self.cited.bibdata.data.entries)
        link(self.document, pattern(self.keys), self.target)

    def target(self, mention):
        key = self.keys.get(named(mention))
        for entry in self.cited.citations:
            if entry.key == key:
                return refer(self, (entry.bibliography_key.docname, entry.citation_id), mention[0])
        LOGGER.warning(f"{mention[0]} is not in the bibliography", location=self.env.docname)
        return nodes.Text(mention[0])


def keys(entries):
    """The key of each entry, by each of its names: authors and year."""
    return {
        (names, entry.fields["year"]): key
        for key, entry in entries.items()
        for names in forms(entry)
    }


def forms(entry):
    """How a sentence names the authors, the shortest form last."""
    last = [" ".join(p.prelast_names + p.last_names).strip("{}") for p in entry.persons["author"]]
    yield " and ".join([", ".join(last[:-1]), last[-1]][len(last) == 1 :])
    if len(last) > 2:
        yield f"{last[0]} et al."


def pattern(keys):
    """All that looks like a citation, also with authors whose names are none."""
    names = "|".join([*(re.escape(names) for names, _ in keys), NAMES])
    return re.compile(rf"(?<!\w)({names}){YEAR}")


def named(mention):
    return mention[1], mention[2] or mention[3]


class Labels(BaseLabelStyle):
    def format_labels(self, entries):
        return [f"{[*forms(entry)][-1]} ({entry.fields['year']})" for entry in entries]


class ByLabel(BaseSortingStyle):
    def sorting_key(self, entry):
        return [*forms(entry)][-1].lower(), entry.fields["year"]


class Style(Plain):
    """Each entry begins with the name by which the text cites it, and stands by that name."""

    default_label_style = Labels
    default_sorting_style = ByLabel
