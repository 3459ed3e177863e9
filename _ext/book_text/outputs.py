"""What a figure links to is a page on the site, and the page's source everywhere else."""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

SOURCE = re.compile(r'(?<=href=")([\w-]+)\.(ipynb|md)(?=")')


def setup(app):
    app.add_transform(Outputs)


class Outputs(SphinxTransform):
    default_priority = 400

    def apply(self):
        for html in self.document.findall(nodes.raw):
            html[:] = [nodes.Text(SOURCE.sub(r"\1.html", html.astext()))]
