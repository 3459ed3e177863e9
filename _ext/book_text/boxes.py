"""Block quotes that open in bold become boxes."""

from docutils import nodes
from sphinx.transforms import SphinxTransform

KINDS = {
    "Claimed": "claimed",
    "A common slip": "claimed",
    "Predict first.": "predict",
}
OPENERS = {*KINDS, "Computed", "Proof.", "Checked."}  # in bold, and no terms


def setup(app):
    app.add_transform(Boxes)


class Boxes(SphinxTransform):
    default_priority = 400

    def apply(self):
        for quote in list(self.document.findall(nodes.block_quote)):
            if kind := KINDS.get(opener(quote)):
                quote.replace_self(nodes.admonition("", *quote.children, classes=["box", kind]))


def opener(quote):
    """The bold words with which a quote begins, if it does."""
    words = quote[0][0]
    return words.astext() if isinstance(words, nodes.strong) else ""
