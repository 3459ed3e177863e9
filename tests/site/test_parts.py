"""The parts of the site's own extension and tools, each on its own."""

import re

import pytest
from book_site.css import in_use
from fontTools.ttLib import TTFont

from tools.lighthouse import falls_short, judge

SHEET = """
.used { color: red; }  /* a remark */
.unused, .used > b, :not(.unused) { color: blue; }
.used.unused { color: blue; }
#gone { color: blue; }
@media (min-width: 1px) { .used { top: 0 } .unused { top: 1px } }
@media print { .unused { top: 2px } }
@font-face { font-family: Icons; }
"""
GOOD = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
GOOD |= {"paint": 1.8, "blocked": 900, "KiB": 250}


def test_only_rules_that_can_match_stay():
    assert in_use(SHEET, {"used"}) == (
        ".used{color: red;}.used > b,:not(.unused){color: blue;}"
        "@media (min-width: 1px){.used{top: 0}}@font-face { font-family: Icons; }"
    )


@pytest.mark.parametrize("quote", ["", '"'])
def test_without_a_script_the_system_chooses_the_theme(quote):
    rule = f"html[data-theme={quote}dark{quote}] b, b {{ top: 0 }}"
    assert in_use(rule, set()) == (
        f"html[data-theme={quote}dark{quote}] b,b{{top: 0}}"
        "@media (prefers-color-scheme:dark){html:not([data-theme]) b{top: 0}}"
    )


def test_a_broken_sheet_is_refused():
    with pytest.raises(ValueError, match="broken"):
        in_use("a { color: red; } }", set())


@pytest.mark.parametrize("name", ["fa-solid-900", "fa-brands-400"])
def test_the_icon_fonts_are_cut_and_keep_their_signs(html, name):
    font = html / "_static" / f"{name}.woff"
    assert font.stat().st_size < 10_000
    assert has_signs(font, {"fa-solid-900": "\uf0c9\uf002", "fa-brands-400": "\uf09b"}[name])


def test_a_lost_sign_is_noticed(html):
    assert not has_signs(html / "_static/fa-brands-400.woff", "\uf0c9")


def has_signs(font, signs):
    return set(map(ord, signs)) <= set(TTFont(font).getBestCmap())


def test_every_part_of_the_style_sheet_is_there(html):
    files = re.findall(r"url\(([\w./-]+)\)", (html / "_static/site.css").read_text("utf-8"))
    assert files
    assert [file for file in files if not (html / "_static" / file).is_file()] == []


def test_a_page_at_the_limits_is_good_enough():
    assert falls_short(GOOD) == []


@pytest.mark.parametrize(
    "name, value",
    [("performance", 97), ("accessibility", 99), ("seo", 91), ("paint", 1.9), ("KiB", 251)],
)
def test_a_page_past_a_limit_is_not(name, value):
    assert falls_short(GOOD | {name: value}) == [name]


def test_a_slow_page_is_measured_three_times_and_stays_slow():
    slow = [GOOD | {"paint": 1.9 + number} for number in range(4)]
    assert judge(iter(slow).__next__) == slow[2]


def test_a_good_page_is_measured_until_it_is_good():
    assert judge(iter([GOOD | {"KiB": 251}, GOOD]).__next__) == GOOD
