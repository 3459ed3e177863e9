import re
import subprocess
import sys

import numpy as np
import pytest
from bs4 import BeautifulSoup

from attention_book import figures
from attention_book.figures.choice import STYLE
from attention_book.figures.labels import MISSING, plain
from tests.figures import samples
from tests.figures.samples import HOSTILE, MAKERS, WORDS, random_heads, skeleton

ACTIVE = {"script", "iframe", "object", "embed", "link", "form", "base", "meta"}


@pytest.fixture(params=MAKERS, ids=lambda make: make.__name__)
def make(request):
    return request.param


def faults(html):
    """What a choice figure lacks or must not have, one line each."""
    page = BeautifulSoup(html, "html.parser")
    for script in page.select("figure.af-scripted > script:last-child"):
        script.extract()
    names = {radio["name"] for radio in page.select("input[type=radio]")}
    chosen = {name: len(page.select(f'input[name="{name}"][checked]')) for name in names}
    found = [f"{name} has {n} chosen" for name, n in chosen.items() if n != 1]
    found += [f"active <{tag.name}>" for tag in page.find_all(ACTIVE)]
    found += [f"{a} on <{t.name}>" for t in page.find_all() for a in t.attrs if a[:2] == "on"]
    found += [f"lacks {part}" for part in REQUIRED if not page.select_one(part)]
    return found + [f"from elsewhere: {e[0]}" for e in re.finditer(r"@import|url\((?!%23)", html)]


REQUIRED = [
    "figure[id] > style",
    "figure > .af-static > img[alt][src^='data:image/svg+xml,']",
    "figure > .af-live[hidden=hidden]",
    "figure > .af-hint",
    "figure > details > summary",
    "figure > details :is(td, li)",
]


def test_each_figure_is_whole_and_passive(make):
    assert faults(make().html) == []


def test_a_figure_that_has_not_run_says_how_to_choose(make):
    assert re.search('static"><strong>Run this cell to [a-z ]+[.]</strong>', make().html)


@pytest.mark.parametrize(
    "old, new, fault",
    [
        (" checked>", ">", "0 chosen"),
        ("</style>", "</style><script>x</script>", "active <script>"),
        ("<p ", "<p onclick='x' ", "onclick on <p>"),
        ("<img ", "<b ", "lacks figure > .af-static > img"),
        (' hidden="hidden"', " hidden", "lacks figure > .af-live"),
        ("<style>", "<style>@import 'x';", "from elsewhere"),
    ],
)
def test_a_broken_figure_is_found(old, new, fault):
    assert any(
        fault in found for found in faults(samples.attention_map().html.replace(old, new, 1))
    )


def test_the_same_call_gives_the_same_bytes(make):
    assert make().html == make().html
    assert make()._repr_png_() == make()._repr_png_()


def test_another_process_gives_the_same_bytes():
    code = "from tests.figures.samples import *; print([m().html for m in MAKERS])"
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str([make().html for make in MAKERS])


def test_a_name_keeps_two_equal_figures_apart(make):
    names = [skeleton_names(make(name=name).html) for name in ("", "second")]
    assert not names[0] & names[1]
    assert skeleton_names(make().html) == names[0]


def skeleton_names(html):
    page = BeautifulSoup(html, "html.parser")
    return {tag["id"] for tag in page.select("[id]")} | {
        i["name"] for i in page.select("input[name]")
    }


@pytest.mark.parametrize("spread", [0.1, 1, 3])
def test_sixteen_words_and_24_heads_are_at_most_120_kilobytes(spread):
    words = "the quick brown fox jumps over the lazy dog and must obey all given orders now".split()
    figure = figures.attention_map(random_heads(24, 16, spread), words)
    assert len(figure.html.replace(STYLE, "").encode()) <= 120_000


def test_more_is_refused():
    with pytest.raises(ValueError, match=r"AttentionMap: 1\d\d,\d{3} bytes .* at most 120,000"):
        figures.attention_map(random_heads(48, 16), ["word"] * 16)


def test_title_and_hint_are_the_callers(make):
    html = make(title="My <title>", hint="my & hint").html
    assert "My &lt;title&gt;" in html
    assert "my &amp; hint" in html
    with pytest.raises(TypeError, match="tittle"):
        make(tittle="typing error")


def test_case_54_there_are_150_hostile_labels():
    assert len(set(HOSTILE)) >= 150


def test_case_54_no_label_becomes_markup(make):
    plain_figure = skeleton(make(title="t", hint="h").html)
    for start in range(0, len(HOSTILE), 4):
        labels = [*HOSTILE, *WORDS][start : start + 4]
        figure = make(labels, title="t", hint="h")
        assert skeleton(figure.html) == plain_figure, labels
        assert not any(c in figure.html + repr(figure) for c in "\0\u202e\u2066\u200b\ufeff\ud800")


def test_case_54_an_unescaped_label_is_noticed(monkeypatch):
    plain_figure = skeleton(samples.attention_map(title="t").html)
    monkeypatch.setattr("attention_book.figures.choice.html", plain)
    hostile = samples.attention_map(["<img src=x onerror=x>", *WORDS[1:]], title="t")
    assert skeleton(hostile.html) != plain_figure


def test_case_54_every_label_can_be_drawn():
    for start in range(0, len(HOSTILE), 15):
        labels = HOSTILE[start : start + 15]
        chart = figures.attention_map(np.eye(len(labels)), labels)
        assert chart._repr_png_().startswith(b"\x89PNG")


def test_labels_show_something_and_hide_nothing_else():
    assert plain("机器人 <s> café") == "机器人 <s> café"
    assert plain("a\x00b\u202e") == f"a{MISSING}b{MISSING}"
    assert (plain(""), plain("  ")) == (MISSING, "␣␣")
