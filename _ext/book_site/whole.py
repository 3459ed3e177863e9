"""What the build of the whole book as one page needs, from which its PDF is printed."""


def setup(app):
    app.connect("builder-inited", complete_handlers)


def complete_handlers(app):
    """For this builder, Sphinx asks no further once sphinx-exercise has named its own nodes."""
    handlers = app.registry.translation_handlers
    handlers["singlehtml"] = handlers["html"] | handlers.get("singlehtml", {})
