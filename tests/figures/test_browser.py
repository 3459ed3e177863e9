"""The figures in Chromium: driven by keys and by touch, and compared with NumPy."""

import re
from contextlib import contextmanager

import numpy as np
import pytest

from attention_book import figures
from attention_book.figures.shares import percents, said
from tests.figures import samples
from tests.figures.samples import MAKERS, WORDS, random_heads
from tests.site.visiting import visit

HEADS = [*random_heads(), random_heads().mean(axis=0)]
TARGETS = "fieldset label, summary, .af-part a"
SMALL = """targets => [...document.querySelectorAll(targets)]
  .map(e => [e.textContent, e.getBoundingClientRect()])
  .filter(([, box]) => box.height && (box.height < 44 || box.width < 24)).map(([text]) => text)"""


@pytest.fixture
def show(browser, tmp_path):
    """`with show(html, …) as opened`: a page with the figures, in a theme and at a width."""

    @contextmanager
    def page(html, theme="light", **options):
        dark = "#121212" if theme == "dark" else "#fff"
        head = (
            "<meta charset=utf-8><meta name=viewport content='width=device-width'><title>x</title>"
        )
        file = tmp_path / "page.html"
        body = (
            f"<body style='background:{dark}'><main><h1 style='color:#777'>Page</h1>{html}</main>"
        )
        file.write_text(f"<!doctype html><html lang=en data-theme={theme}>{head}{body}", "utf-8")
        with visit(browser, file.as_uri(), theme, **options) as opened:
            yield opened
            assert (opened.foreign, opened.crashes, opened.console) == ([], [], [])

    return page


def bars(tab):
    """The percents that a screen reader finds in the list of bars, in order."""
    nodes = tab.context.new_cdp_session(tab).send("Accessibility.getFullAXTree")["nodes"]
    texts = [n["name"]["value"] for n in nodes if n.get("role", {}).get("value") == "StaticText"]
    return [text for text in texts if re.fullmatch(r"<?\d+|masked", text)]


def expected(head, word):
    return [said(p) for p in percents(HEADS[head][word])]


def every():
    return "".join(make().html for make in MAKERS)


def test_every_head_and_word_by_keyboard(show):
    with show(samples.attention_map(word=0).html) as opened:
        opened.tab.locator(".h0").focus()
        for head in range(4):
            opened.tab.keyboard.press("Tab")
            for word in range(4):
                assert bars(opened.tab) == expected(head, word)
                opened.tab.keyboard.press("ArrowRight")
            opened.tab.keyboard.press("Shift+Tab")
            opened.tab.keyboard.press("ArrowRight")


def test_a_wrong_number_is_noticed(show):
    html = samples.attention_map(word=0).html
    with show(html.replace("--a:", "--a:1", 1)) as opened:
        assert bars(opened.tab) != expected(0, 0)


def test_touch_chooses_a_word_on_a_phone(browser):
    context = browser.new_context(viewport={"width": 375, "height": 700}, has_touch=True)
    tab = context.new_page()
    tab.set_content(samples.attention_map().html)
    for word in (2, 0):
        tab.locator(f"label:has(.q{word})").tap()
        assert bars(tab) == expected(0, word)
    context.close()


def test_two_equal_figures_with_names_answer_apart(show):
    with show("".join(samples.attention_map(name=name, word=0).html for name in "ab")) as opened:
        opened.tab.locator("figure").last.locator("label:has(.q2)").click()
        assert bars(opened.tab) == expected(0, 0) + expected(0, 2)


def test_scripts_are_not_needed(show):
    with show(samples.attention_map(word=0).html, scripts=False) as opened:
        opened.tab.locator(".q0").focus()
        opened.tab.keyboard.press("ArrowRight")
        assert bars(opened.tab) == expected(0, 1)


def test_masked_small_and_no_shares_are_said(show):
    weights, mask = [[0.996, 0.004, 0, 0]], np.array([[True, True, True, False]])
    with show(figures.attention_map(weights, ["it"], WORDS).html) as opened:
        assert bars(opened.tab) == ["100", "<1", "0", "0"]
    hidden = figures.attention_map(weights, ["it"], WORDS, mask=mask)
    with show(hidden.html) as opened:
        assert bars(opened.tab) == ["100", "<1", "0", "masked"]


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_every_choice_answers_the_keyboard_with_a_sight_of_its_own(show, make):
    with show(make().html) as opened:
        for group in opened.tab.locator("fieldset").all():
            sights = set()
            radios = group.locator("input")
            radios.locator("nth=0").focus()
            for _ in radios.all():
                opened.tab.keyboard.press("ArrowRight")
                sights.add(opened.tab.locator(".af-live").screenshot())
            assert len(sights) == radios.count()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1440])
def test_no_barrier_small_target_or_sideways_scroll(show, theme, width):
    with show(every(), theme, width=width) as opened:
        assert opened.barriers() == []
        assert opened.tab.evaluate(SMALL, TARGETS) == []
        assert opened.pixels_too_wide() <= 0


def test_a_small_target_is_noticed(show):
    style = "<style>.af fieldset label{min-height:30px!important}</style>"
    with show(samples.attention_map().html + style) as opened:
        assert WORDS[0] in opened.tab.evaluate(SMALL, TARGETS)


def test_focus_is_seen(show):
    with show(samples.attention_map().html) as opened:
        label = opened.tab.locator("label:has(.q3)")
        before = label.evaluate("e => getComputedStyle(e).outlineStyle")
        opened.tab.locator(".h0").focus()
        opened.tab.keyboard.press("Tab")
        after = label.evaluate("e => getComputedStyle(e).outlineStyle")
        assert (before, after) == ("none", "solid")


@pytest.mark.parametrize("width, beside", [(375, False), (1440, True)])
def test_parts_stand_side_by_side_only_where_there_is_room(show, width, beside):
    with show(samples.architecture().html, width=width) as opened:
        tops = opened.tab.locator(".af-beside>div").evaluate_all("all => all.map(e => e.offsetTop)")
        assert (len(set(tops)) == 1) == beside


LINES = """e => {
  const text = document.createRange();
  text.selectNodeContents(e);
  return text.getClientRects().length;
}"""


@pytest.mark.parametrize(
    "columns, rows",
    [
        (["sentence", "read", "asked"], {"7": ["the", "[MASK]", "the"]}),
        (["log chance", "ended"], {"UP ARROWHEAD": ["-2.36", "no"]}),
    ],
)
def test_a_phone_shows_all_columns_of_a_state_and_keeps_words_whole(show, columns, rows):
    with show(figures.stepper([("1", "one", rows)], columns).html, width=350) as opened:
        room = opened.tab.locator(".af-live .af-scroll")
        assert room.evaluate("e => e.scrollWidth - e.clientWidth") == 0
        for name in opened.tab.locator(".af-steps th").all():
            assert name.evaluate(LINES) <= len(name.inner_text().split())


@pytest.mark.parametrize("kind, arrows", [(list, 3), (figures.Apart, 0)])
def test_no_arrow_leads_to_parts_kept_apart(show, kind, arrows):
    inside = [figures.Beside([("b", "2"), ("c", "3")])]
    apart = kind([figures.Part("d", "4", "", inside), ("e", "5")])
    figure = figures.architecture([("a", "1"), apart])
    assert repr(figure).splitlines()[1:] == ["a: 1", "d: 4", "b: 2", "c: 3", "e: 5"]
    with show(figure.html) as opened:
        before = "all => all.map(e => getComputedStyle(e, '::before').content)"
        found = opened.tab.locator(".af-map *").evaluate_all(before)
        assert sum(content != "none" for content in found) == arrows


def test_without_styles_a_picture_and_the_numbers_stay(show):
    html = re.sub(r"<style>.*?</style>| style=(\"[^\"]*\"|[^ >]*)", "", every())
    with show(html) as opened:
        seen = opened.tab.locator("figure").all()
        assert len(seen) == len(MAKERS)
        for figure in seen:
            assert figure.locator(".af-static img").evaluate("e => e.naturalWidth") > 0
            assert figure.locator(".af-static img").is_visible()
            assert not figure.locator(".af-live").is_visible()
            figure.locator("summary").click()
            assert figure.locator("details :is(td, li)").last.is_visible()


def test_with_styles_the_picture_is_hidden(show):
    with show(every()) as opened:
        assert not any(image.is_visible() for image in opened.tab.locator(".af-static img").all())


def test_print_shows_the_start_with_its_numbers(show):
    with show(every(), "dark") as opened:
        opened.tab.emulate_media(media="print")
        assert opened.tab.locator("details :is(td, li)").first.is_visible()
        paper = opened.tab.locator(".af").first.evaluate("e => getComputedStyle(e).backgroundColor")
        assert paper == "rgb(255, 255, 255)"
        full, empty = opened.tab.pdf(), blank(opened.tab)
        assert len(full) > 3 * len(empty)


def blank(tab):
    tab.set_content("<p>nothing</p>")
    return tab.pdf()
