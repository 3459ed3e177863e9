"""The running text of a page, and the links that are made in it."""

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util.nodes import make_refnode

NO_TEXT = (nodes.FixedTextElement, nodes.citation, nodes.generated, nodes.literal)
NO_TEXT += (nodes.math, nodes.reference, nodes.title)


def setup(app):
    app.add_transform(JoinLines)


class JoinLines(SphinxTransform):
    """Make one text of the lines of a paragraph, so that what goes over two of them is found."""

    default_priority = 1

    def apply(self):
        for parent in self.document.findall(nodes.TextElement):
            if not isinstance(parent, nodes.FixedTextElement):
                parent[:] = joined(parent.children)


def joined(children):
    """The children with one text where there were several, and with none that is empty."""
    whole = []
    for child in children:
        if isinstance(child, nodes.Text):
            before = whole.pop() if whole and isinstance(whole[-1], nodes.Text) else ""
            child = nodes.Text(f"{before}{child}".replace("\n", " "))
        whole += [child] if child != "" else []
    return whole


def link(document, pattern, target):
    """Put what `target` makes of each match in its place, wherever a page has running text."""
    for text in list(document.findall(nodes.Text)):
        if not inside(text, NO_TEXT) and pattern.search(text):
            text.parent.replace(text, list(_parts(text.astext(), pattern, target)))


def _parts(text, pattern, target):
    end = 0
    for match in pattern.finditer(text):
        yield from (nodes.Text(text[end : match.start()]), target(match))
        end = match.end()
    yield nodes.Text(text[end:])


def inside(node, kinds):
    while node := node.parent:
        if isinstance(node, kinds):
            return True
    return False


def refer(transform, place, text):
    """A link from the page of a transform to a place, which is a page and an id on it."""
    return make_refnode(
        transform.app.builder, transform.env.docname, *place, nodes.inline("", text)
    )
