import pytest
from playwright.sync_api import sync_playwright

from tests.site.test_visiting import require_browser
from tools import browser as chromium


# Not for the whole session: while Playwright runs, no other test can start an event loop.
@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        require_browser(chromium.find(playwright))
        browser = chromium.launch(playwright)
        yield browser
        browser.close()
