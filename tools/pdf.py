"""Print the book, built as one page by `--builder singlehtml`, into a PDF.

It is printed twice: the contents name the pages on which the parts of the first print begin.
"""

from pathlib import Path

import pikepdf
from matplotlib import get_data_path
from playwright.sync_api import sync_playwright

from tools.browser import READY, launch

PAGE = Path("_build/singlehtml/intro.html")
PDF = Path("_build/attention-step-by-step.pdf")
HERE = Path(__file__)
# Long, and of use where one can click.
LEFT_OUT = ["library", "gallery", "proofs", "changes", "teach"]
FONTS = {  # the same on every machine
    "Book": ["STIXGeneral", "STIXGeneralItalic", "STIXGeneralBol", "STIXGeneralBolIta"],
    "Code": ["DejaVuSansMono", "DejaVuSansMono-Oblique", "DejaVuSansMono-Bold"],
    "Figure": ["DejaVuSans", "DejaVuSans-Oblique", "DejaVuSans-Bold"],
}
PAPER = {"prefer_css_page_size": True, "print_background": True, "outline": True, "tagged": True}
NUMBER = """pages => {
  for (const entry of document.querySelectorAll("#jb-print-toc a"))
    entry.dataset.page = pages[entry.hash.slice(1)];
}"""


def write(browser, page, pdf):
    tab = browser.new_page(color_scheme="light")
    tab.goto(page.resolve().as_uri())
    make_book(tab)
    tab.pdf(path=pdf, **PAPER)
    tab.evaluate(NUMBER, first_pages(pdf))
    tab.pdf(path=pdf, **PAPER)
    tab.close()
    shrink(pdf)


def make_book(tab):
    tab.add_style_tag(content=faces() + HERE.with_suffix(".css").read_text("utf-8"))
    tab.evaluate(HERE.with_suffix(".js").read_text("utf-8"), LEFT_OUT)
    tab.evaluate(READY)


def faces():
    return "".join(face(family, name) for family, names in FONTS.items() for name in names)


def face(family, name):
    weight = "bold" if "Bol" in name else "normal"
    style = "italic" if "Ita" in name or "Oblique" in name else "normal"
    file = Path(get_data_path(), "fonts/ttf", f"{name}.ttf").as_uri()
    return (
        f"@font-face {{ font-family: {family}; font-weight: {weight}; font-style: {style};"
        f" src: url({file}) }}\n"
    )


def first_pages(pdf):
    """The number of the page that each named place of a PDF is on."""
    with pikepdf.open(pdf) as document:
        numbers = {page.objgen: number for number, page in enumerate(document.pages, 1)}
        return {name[1:]: numbers[place[0].objgen] for name, place in document.Root.Dests.items()}


def shrink(pdf):
    with pikepdf.open(pdf, allow_overwriting_input=True) as document:
        document.save(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)


if __name__ == "__main__":
    with sync_playwright() as playwright:
        write(launch(playwright), PAGE, PDF)
    print(f"{PDF}: {PDF.stat().st_size / 2**20:.1f} MiB")
