"""Print the whole book, built as one page by `--builder singlehtml`, into a PDF."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from tools.browser import READY, launch

PAGE = Path("_build/singlehtml/intro.html")
PDF = Path("_build/attention-step-by-step.pdf")
NUMBER = '<p style="width: 100%; font-size: 8px; text-align: center" class="pageNumber"></p>'
PAPER = {
    "format": "A4",
    "scale": 0.85,
    "margin": {"top": "18mm", "bottom": "18mm", "left": "16mm", "right": "16mm"},
    "display_header_footer": True,
    "header_template": "<span></span>",
    "footer_template": NUMBER,
    "outline": True,
    "tagged": True,
}


def write(browser, page, pdf):
    tab = browser.new_page(color_scheme="light")
    tab.goto(page.resolve().as_uri())
    tab.evaluate(READY)
    show_all(tab)
    tab.pdf(path=pdf, **PAPER)
    tab.close()


def show_all(tab):
    """Paper cannot be clicked."""
    tab.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")


if __name__ == "__main__":
    with sync_playwright() as playwright:
        write(launch(playwright), PAGE, PDF)
    print(f"{PDF}: {PDF.stat().st_size / 2**20:.1f} MiB")
