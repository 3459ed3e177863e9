"""The buttons that lead away from the site: none while the repository has no address yet."""

from .traces import PLACEHOLDER

LEAD_AWAY = {"launch-buttons", "source-buttons"}


def setup(app):
    app.connect("html-page-context", choose, priority=900)


def choose(app, pagename, templatename, context, doctree):
    for group in leading_away(context):
        if app.config.ogp_site_url == PLACEHOLDER:
            context["header_buttons"].remove(group)
        for button in group["buttons"]:
            if button["icon"].startswith("_static"):
                button["icon"] = group["icon"]  # a logo would load for a menu that is closed


def leading_away(context):
    return [group for group in context["header_buttons"] if group["label"] in LEAD_AWAY]
