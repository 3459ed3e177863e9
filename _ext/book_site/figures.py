"""The style that all figures share stands once, in the site's own sheet."""

from pathlib import Path

from attention_book.figures.choice import STYLE

NAME = "choice.css"


def setup(app):
    app.connect("html-page-context", share_style, priority=900)
    app.connect("build-finished", write, priority=800)  # before the sheets are joined


def share_style(app, page, template, context, doctree):
    body = context.get("body", "")
    if body.count('<figure class="af') != body.count(f"<style>{STYLE}"):
        raise ValueError(f"{page}: a figure's style is not the library's; run `make outputs`")
    context["body"] = body.replace(f"<style>{STYLE}", "<style>")


def write(app, error):
    if not error and app.builder.format == "html":
        Path(app.outdir, "_static", NAME).write_text(STYLE, "utf-8")
