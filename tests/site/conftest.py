import os

import pytest
from playwright.sync_api import sync_playwright

from tests.site.building import ROOT, build, is_stale
from tests.site.static import documents
from tests.site.visiting import visit
from tools import browser as chromium
from tools.serve import served


@pytest.fixture(scope="session")
def html():
    """The folder of the book's pages, built anew only where a source is younger."""
    return build(ROOT) if is_stale(ROOT) else ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def site(html):
    return documents(html)


def require_browser(path, environment=os.environ):
    """Go on with a browser; without one, skip on a desk and fail where CI is set."""
    if path is None:
        stop = pytest.fail if environment.get("CI") else pytest.skip
        stop("no Chromium or Chrome on PATH: install one, or run `playwright install chromium`")


# Not for the whole session: while Playwright runs, no other test can start an event loop.
@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        require_browser(chromium.find(playwright))
        browser = chromium.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(html):
    with served(html) as address:
        yield address


@pytest.fixture
def sabotage(browser, tmp_path):
    """A function that opens a page with the given body and applies a check to it."""

    def look(body, check, **options):
        page = tmp_path / "page.html"
        head = '<html lang="en"><head><title>Page</title></head>'
        page.write_text(f"{head}<body><main><article><h1>Page</h1>{body}</article></main></body>")
        with visit(browser, page.as_uri(), **options) as opened:
            return check(opened)

    return look
