"""The browser of the figures' and the site's tests: the conftest.py of each takes it from here."""

import os

import pytest
from playwright.sync_api import sync_playwright

from tools import browser as chromium


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
