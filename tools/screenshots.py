"""Photograph pages of the built book: python -m tools.screenshots intro chapters/notation

Each page is written to _build/screenshots at desktop and phone width, in light and dark.
"""

import sys
from itertools import product
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools.browser import READY, launch

HTML = Path("_build/html")
FOLDER = Path("_build/screenshots")
WIDTHS = {"desktop": 1440, "phone": 375}


def photograph(browser, page, device, theme):
    tab = browser.new_page(viewport={"width": WIDTHS[device], "height": 900}, color_scheme=theme)
    tab.goto((HTML / f"{page}.html").resolve().as_uri())
    tab.evaluate(READY)
    tab.screenshot(path=FOLDER / f"{Path(page).name}-{device}-{theme}.png", full_page=True)
    tab.close()


def main(pages):
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for page, device, theme in product(pages, WIDTHS, ("light", "dark")):
            photograph(browser, page, device, theme)
        browser.close()
    print(f"{len(pages) * 4} pictures in {FOLDER}")


if __name__ == "__main__":
    main(sys.argv[1:] or ["intro"])
