"""What search engines and lost readers meet: the site's address, a map of it."""

import shutil
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

PLACEHOLDER = "https://OWNER.github.io/NAME/"
UNUSED = ["vendor", "locales"]


def setup(app):
    app.connect("config-inited", set_address, priority=400)
    app.connect("build-finished", write, priority=900)


def set_address(app, config):
    """The site's address follows from the repository's; a canonical link needs a real one."""
    config.ogp_site_url = address(config.html_theme_options["repository_url"])
    config.notfound_urls_prefix = urlsplit(config.ogp_site_url).path
    if config.ogp_site_url != PLACEHOLDER:
        config.html_baseurl = config.ogp_site_url


def address(repository):
    owner, name = urlsplit(repository).path.strip("/").split("/")
    return f"https://{owner}.github.io/{name}/"


def write(app, error):
    if error or app.builder.name != "html":
        return
    site = app.config.ogp_site_url
    names = sorted(app.env.found_docs - {app.config.root_doc})
    pages = [site, *(site + app.builder.get_target_uri(name) for name in names)]
    urls = "".join(f"<url><loc>{escape(page)}</loc></url>\n" for page in pages)
    sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
    Path(app.outdir, "sitemap.xml").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{sitemap}', "utf-8"
    )
    Path(app.outdir, "robots.txt").write_text(
        f"User-agent: *\nSitemap: {site}sitemap.xml\n", "utf-8"
    )
    shutil.copy(Path(app.outdir, f"{app.config.root_doc}.html"), Path(app.outdir, "index.html"))
    for folder in UNUSED:
        shutil.rmtree(Path(app.outdir, "_static", folder), ignore_errors=True)
