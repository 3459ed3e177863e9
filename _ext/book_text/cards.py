"""On the site, a term is a button that opens its entry of the glossary, and needs no script."""

from html import escape

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.transforms.post_transforms import SphinxPostTransform

from .glossary import PAGE


class button(nodes.Inline, nodes.TextElement):
    """A term; `head` is the word of the glossary that it belongs to."""


def setup(app):
    app.add_node(button, html=(visit, depart))
    app.add_post_transform(Buttons)
    app.connect("html-page-context", add_cards)


def name(head):
    return nodes.make_id(f"card {head}")


def visit(self, node):
    self.body.append(f'<button type="button" popovertarget="{name(node["head"])}">')


def depart(self, node):
    self.body.append("</button>")


class Buttons(SphinxPostTransform):
    builders = ("html",)  # in print and elsewhere, terms are links
    default_priority = 9  # just before links are resolved

    def run(self):
        for term in list(self.document.findall(nodes.inline)):
            if head := term.get("head"):
                term.children = [button("", "", *term[0].children, head=head)]
                term.setup_child(term[0])


def add_cards(app, page, template, context, doctree):
    """Add the entries of all terms of a page at its end."""
    if heads := {term["head"] for term in doctree.findall(button)} if doctree else ():
        found = entries(app.env, page)
        context["body"] += "".join(card(app, page, found[head]) for head in sorted(heads))


def entries(env, page):
    """The entries of the glossary by their first words, with links that start at this page."""
    glossary = env.get_doctree(PAGE)
    for link in glossary.findall(pending_xref):
        link["refdoc"] = page
    env.apply_post_transforms(glossary, page)
    items = glossary.findall(nodes.definition_list_item)
    return {item[0].astext(): item for item in items}


def card(app, page, entry):
    *words, definition = entry
    english, *others = (word.astext() for word in words)
    place = f"{app.builder.get_relative_uri(page, PAGE)}#{words[0]['ids'][0]}"
    glossary = nodes.reference("", "Glossary", refuri=place, internal=True)
    chapter = definition[-1].pop()
    definition += nodes.paragraph(
        "", "", nodes.Text("Built in "), chapter, nodes.Text(" · "), glossary
    )
    return (
        f'<div popover class="term-card" id="{name(english)}">'
        f"<p><strong>{escape(english)}</strong> {escape(', '.join(others))}</p>"
        f"{app.builder.render_partial(definition)['fragment']}</div>"
    )
