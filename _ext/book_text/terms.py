"""Words in bold are terms, and lead to the glossary."""

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.transforms import SphinxTransform

from .boxes import OPENERS
from .glossary import PAGE, anchor, heads, headword
from .numbers import LOGGER
from .texts import inside


def setup(app):
    app.add_transform(Terms)


class Terms(SphinxTransform):
    default_priority = 450

    def apply(self):
        if self.env.doc2path(self.env.docname).endswith(".ipynb"):
            self.env.note_dependency(f"{PAGE}.md")
            known, seen = heads(self.app.srcdir), set()
            for bold in filter(is_term, list(self.document.findall(nodes.strong))):
                head = headword(bold.astext(), known)
                if head and head not in seen:
                    seen.add(head)
                    bold.replace_self(self.term(bold, head))
                else:
                    problem = "has been in bold before" if head else "is not in the glossary"
                    LOGGER.warning(f"{bold.astext()!r} {problem}", location=bold)

    def term(self, bold, head):
        page = self.env.docname
        name = anchor(head, page)
        self.env.get_domain("std").anonlabels[name] = page, name
        target = dict(refdomain="std", reftype="term", reftarget=head, refexplicit=True)
        link = pending_xref("", bold.deepcopy(), **target, refdoc=page, refwarn=True)
        return nodes.inline("", "", link, ids=[name], classes=["term"], head=head)


def is_term(bold):
    """Whether bold words are neither the opening of a box nor a stress in a quotation."""
    return bold.astext() not in OPENERS and not inside(bold, nodes.emphasis)
