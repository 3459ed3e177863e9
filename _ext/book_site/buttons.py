"""The buttons of a page: while the repository has no address, none leads there."""

from .traces import PLACEHOLDER

LEAD_AWAY = {"launch-buttons", "source-buttons"}


def setup(app):
    app.connect("html-page-context", choose, priority=900)


def choose(app, pagename, templatename, context, doctree):
    if app.config.ogp_site_url == PLACEHOLDER:
        groups = context["header_buttons"]
        context["header_buttons"] = [group for group in groups if group["label"] not in LEAD_AWAY]
    for group in context["header_buttons"]:
        for button in group.get("buttons", []):
            if button["icon"].startswith("_static"):
                button["icon"] = group["icon"]  # a logo would load for a menu that is closed
