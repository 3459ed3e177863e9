"""Photograph the two excerpts of the built book that README and intro show: `make excerpts`."""

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tools.browser import READY, launch

HTML = Path("_build/html")
FOLDER = Path("_static/excerpts")
SIZE = {"width": 760, "height": 640}
BELOW_THE_BAR = """part => scrollTo({
  top: scrollY + part.getBoundingClientRect().top - 64, behavior: "instant"})"""
EXCERPTS = {  # a page, a part of it that stands at the top, a theme
    "proof": ("03-self-attention", "#three-lines-do-the-work-of-all-loops", "light"),
    "figure": ("08-masked-self-attention", "figure.af", "dark"),
}


def photograph(browser, page, part, theme):
    tab = browser.new_page(viewport=SIZE, color_scheme=theme)
    tab.goto((HTML / f"chapters/{page}.html").resolve().as_uri())
    tab.evaluate(READY)
    tab.locator(part).first.evaluate(BELOW_THE_BAR)
    picture = tab.screenshot()
    tab.close()
    return Image.open(BytesIO(picture))


def main():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for name, excerpt in EXCERPTS.items():
            path = FOLDER / f"{name}.png"
            photograph(browser, *excerpt).quantize(128).save(path, optimize=True)
            print(f"{path}: {path.stat().st_size:,} bytes")
        browser.close()


if __name__ == "__main__":
    main()
