"""What each page says of itself to browsers, search engines and those who share its address."""

import re

import pytest
from bs4 import BeautifulSoup

BOOK = "Attention, Step by Step"
SOUND = f"""<title>1. Words — {BOOK}</title>
<meta name="viewport" content="width=device-width">
<meta name="description" content="Words become numbers. How?">
<link rel="canonical" href="https://ada.github.io/notes/words.html">"""


def faults(page):
    """What is wrong in a page's head: what is missing, doubled or cut off."""
    found = {
        "title": page.head.find_all("title"),
        "viewport": page.find_all("meta", {"name": "viewport"}),
        "description": page.find_all("meta", {"name": "description"}),
    }
    wrong = [name for name, tags in found.items() if len(tags) != 1]
    if len(page.find_all("link", rel="canonical")) > 1:
        wrong.append("canonical")
    if page.title.text.count(BOOK) > 1:
        wrong.append("title twice")
    if not re.fullmatch(
        r".{10,230}(?<!\.)[.?!]", page.find("meta", {"name": "description"})["content"]
    ):
        wrong.append("description cut")
    return wrong


def with_head(head):
    return BeautifulSoup(f"<html><head>{head}</head></html>", "html.parser")


def test_every_head_is_sound(site):
    pages = {path.name: faults(page) for path, page in site.items() if page.head.title}
    assert len(pages) > 20
    assert {name: wrong for name, wrong in pages.items() if wrong} == {}


def test_a_sound_head_passes():
    assert faults(with_head(SOUND)) == []


@pytest.mark.parametrize(
    "old, new, fault",
    [
        ("1. Words", BOOK, "title twice"),
        ("<title>", "<title>Words</title><title>", "title"),
        ("<meta", '<meta name="viewport" content="width=1"><meta', "viewport"),
        ("numbers. How?", "numb...", "description cut"),
        ("<link", '<link rel="canonical" href="/"><link', "canonical"),
    ],
)
def test_a_fault_in_a_head_is_found(old, new, fault):
    assert faults(with_head(SOUND.replace(old, new, 1))) == [fault]


def test_no_page_has_a_placeholder_for_its_address(site):
    named = [page.find("meta", property=re.compile("og:(url|image)$")) for page in site.values()]
    assert not any("OWNER" in tag["content"] for tag in named if tag)
