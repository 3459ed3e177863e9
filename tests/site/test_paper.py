"""A page on paper is dark on light, whatever the theme on the screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.site.visiting import visit

CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"], "preload": False}
COLORS = """() => [...document.querySelectorAll("article *")].map((element) => {
  const {color, backgroundColor, borderColor, fill, stroke, filter} = getComputedStyle(element);
  return [element.tagName, color, backgroundColor, borderColor, fill, stroke, filter].join();
})"""
PALE = '<p style="background: #fff; color: #ccc">Pale.</p>'


SETTLED = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.all(document.getAnimations().map((fading) => fading.finished));
}"""


def colors_on(opened, media):
    """After a moment in which the page hears where it is shown."""
    opened.tab.emulate_media(media=media)
    opened.tab.evaluate(SETTLED)
    return opened.tab.evaluate(COLORS)


def too_pale(opened):
    opened.tab.emulate_media(media="print")
    return Axe().run(opened.tab, options=CONTRAST).response["violations"]


@pytest.mark.parametrize("page", ["chapters/08-masked-self-attention", "chapters/gallery"])
def test_paper_has_the_light_colors_and_they_can_be_read(browser, address, page):
    colors = []
    for theme in ("light", "dark"):
        with visit(browser, f"{address}/{page}.html", theme) as opened:
            colors.append(colors_on(opened, "print"))
            assert too_pale(opened) == []
    assert len(colors[0]) > 1000
    assert colors[0] == colors[1]


def test_the_screen_stays_dark(browser, address):
    with visit(browser, f"{address}/chapters/gallery.html", "dark") as opened:
        before = colors_on(opened, "screen")
        assert colors_on(opened, "print") != before
        assert colors_on(opened, "screen") == before


def test_a_pale_word_on_paper_is_found(sabotage):
    assert len(sabotage(PALE, too_pale)) == 1
    assert sabotage("<p>Dark.</p>", too_pale) == []
