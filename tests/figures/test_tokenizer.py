import pytest

from attention_book.figures import tokenizer
from attention_book.figures.tokenizer import MOST
from attention_book.tokens import ByteBPE
from tests.figures.samples import HOSTILE
from tests.figures.test_browser import show

__all__ = ["show"]
TOKENIZERS = {
    "bytes": ByteBPE(),
    "robots": ByteBPE.train("the robot obeys the robots; 机器人 obeys them, and 'the' too", 20),
}
ODD = [
    "机器人",
    "e\u0301 naïve",
    "\N{ROBOT FACE}\u200d?",
    "the the;the 'obeys",
    " a  b ",
    "a_b3½²x",
]


def shown(tab):
    """For each tokenizer the count, and the ids of its tokens."""
    counts = tab.locator(".af-count").all_inner_texts()
    lists = tab.locator(".af-cut").all()
    ids = [[int(i) for i in row.locator("small").all_inner_texts()] for row in lists]
    assert [int(n) for n in counts] == list(map(len, ids))
    return ids


def expected(text):
    return [t.encode(text) for t in TOKENIZERS.values()]


def test_a_typed_text_is_cut_as_the_library_cuts_it(show):
    with show(tokenizer(TOKENIZERS, "robots").html) as opened:
        assert shown(opened.tab) == expected("robots")
        opened.tab.locator("input").click()
        opened.tab.keyboard.press("End")
        opened.tab.keyboard.type(" obey the robot")
        assert shown(opened.tab) == expected("robots obey the robot")
        for text in ODD:
            opened.tab.locator("input").fill(text)
            assert shown(opened.tab) == expected(text)
        opened.tab.locator("input").fill("")
        assert shown(opened.tab) == [[], []]


def test_a_wrong_merge_is_noticed(show):
    html = tokenizer(TOKENIZERS, "the robot obeys").html.replace("[[],[[", "[[],[[9", 1)
    with show(html) as opened:
        assert shown(opened.tab) != expected("the robot obeys")


def test_a_button_puts_its_text_there(show):
    with show(tokenizer(TOKENIZERS, "x", examples=["机器人 obeys"]).html) as opened:
        opened.tab.locator("button").focus()
        opened.tab.keyboard.press("Enter")
        assert shown(opened.tab) == expected("机器人 obeys")
        assert opened.tab.locator("output").inner_text() == "9 characters, 15 bytes"


def test_the_start_is_drawn_as_the_script_draws_it(show):
    figure = tokenizer(TOKENIZERS, "机器人 obeys \N{ROBOT FACE}")
    html = []
    for scripts in (False, True):
        with show(figure.html, scripts=scripts) as opened:
            live = opened.tab.locator(".af-live").inner_html()
            html.append(live)
            assert opened.tab.locator("input").is_visible() == scripts
    assert html[0] == html[1]


def test_what_is_typed_never_becomes_markup(show):
    with show(tokenizer(TOKENIZERS, "x").html) as opened:
        before = opened.tab.locator(".af-cut *").count()
        opened.tab.locator("input").fill("<img src=x onerror=alert(1)>")
        assert opened.tab.locator(".af-cut img").count() == 0
        assert opened.tab.locator(".af-cut *").count() > before


def test_case_54_no_text_becomes_markup():
    for text in HOSTILE:
        if 0 < len(text) <= MOST and "\ud800" not in text:
            html = tokenizer(TOKENIZERS, text, examples=[text]).html
            assert html.count("<script") == html.count("</script") == 1
            assert "<img src=x" not in html


def test_half_a_character_shows_its_bytes():
    figure = tokenizer({"bytes": ByteBPE()}, "人")
    assert "228 | 186 | 186" in repr(figure)
    assert figure.html.count('class="af-byte"') == 3


@pytest.mark.parametrize("text", ["", "a" * 61])
def test_too_much_text_and_none_is_refused(text):
    with pytest.raises(ValueError, match="texts must have 1 to 60 characters, got"):
        tokenizer(TOKENIZERS, text)
