"""Photograph the living sentence of the built intro, as README shows it: `make cover`."""

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tools.browser import READY, launch

PAGE = Path("_build/html/intro.html")
COVER = Path("_static/cover.png")
SIZE = {"width": 760, "height": 900}


def photograph(browser):
    tab = browser.new_page(viewport=SIZE, device_scale_factor=2, color_scheme="light")
    tab.goto(PAGE.resolve().as_uri())
    tab.evaluate(READY)
    picture = tab.locator("figure.af .af-live").first.screenshot()
    tab.close()
    return Image.open(BytesIO(picture))


def main():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        photograph(browser).quantize(64).save(COVER, optimize=True)
        browser.close()
    print(f"{COVER}: {COVER.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
