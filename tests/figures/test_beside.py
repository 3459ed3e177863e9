"""Style sheets reach the whole page: none may change another figure."""

import re

import pytest

from tests.figures.samples import MAKERS, bars
from tests.figures.test_browser import show

__all__ = ["show"]
LOOK = """figure => {
  const {left, top} = figure.getBoundingClientRect();
  const styles = element => ["", "::before", "::after"].map(part => {
    const {display, color, backgroundColor, content, font, borderTopWidth} =
      getComputedStyle(element, part || null);
    return [display, color, backgroundColor, content, font, borderTopWidth].join();
  });
  return [...figure.querySelectorAll(".af-live *")].map(element => {
    const box = element.getBoundingClientRect();
    const seen = box.width * box.height > 1 && !element.ownerSVGElement;
    const place = [box.left - left, box.top - top, box.width, box.height].map(Math.round);
    return [element.tagName, ...(seen ? place : []), ...styles(element)].join();
  });
}"""


ROOM = "<div style='height:4000px'>{}</div>"  # each begins at the same part of a pixel


def looks(show, *figures):
    """How each figure of a page looks."""
    with show("".join(map(ROOM.format, figures))) as opened:
        opened.tab.emulate_media(reduced_motion="reduce")
        return [figure.evaluate(LOOK) for figure in opened.tab.locator("figure").all()]


def test_each_figure_looks_the_same_beside_all_others(show):
    made = {make.__name__: make().html for make in MAKERS}
    together = looks(show, *made.values())
    for (name, html), look in zip(made.items(), together, strict=True):
        assert looks(show, html) == [look], name


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_a_sheet_of_its_own_begins_no_rule_with_the_figures_class(make):
    """In a scope, `.af .x` finds nothing, as no further figure lies within: it is `:scope .x`."""
    _, *scopes = re.split(r"@scope\(#[\w-]+\)", make().html)
    assert not any(re.search(r"\.af[ .>\[]", sheet.split("</style>")[0]) for sheet in scopes)


def test_a_rule_for_all_figures_is_noticed(show):
    rule = "<style>.af-bars li{gap:3rem}</style>"
    assert looks(show, bars().html + rule) != looks(show, bars().html)
