"""What the figures say in numbers is what NumPy and the library compute."""

import re
from html import unescape

import numpy as np
import pytest
import torch
from bs4 import BeautifulSoup

import attention_book
from attention_book import figures
from attention_book.figures.numbers import number
from attention_book.figures.shares import MASKED, SMALL, ZERO, percents, said, totals
from tests.figures import samples
from tests.figures.samples import CAUSAL, SCORES, WORDS, K, Q, random_heads, softmax


def cells(markup):
    """Each group of the numbers as (heading, rows of texts)."""
    for group in re.findall(r"<tbody[^>]*>(.*?)(?=<tbody|</table)", markup, re.S):
        head, *rows = re.split("<tr>", group)[1:]
        texts = [re.split(r"<t[dh][^>]*>", row)[2:] for row in rows]
        yield unescape(re.sub("<[^>]*>", "", head)), [[unescape(t) for t in row] for row in texts]


def test_percents_say_when_they_round():
    shown = percents(np.array([0, 1e-9, 0.0049, 0.005, 0.125, 0.999, 1]))
    assert [said(p) for p in shown] == ["0", "<1", "<1", "1", "13", "100", "100"]


def test_an_exact_half_is_the_same_on_every_machine():
    assert percents(np.array([0.125 - 1e-9, 0.125, 0.125 + 1e-9])).tolist() == [13, 13, 13]


def test_masked_is_said_and_never_summed():
    shown = percents(np.array([[0.5, 0.5], [0, 0]]), np.array([[True, True], [False, True]]))
    assert shown.tolist() == [[50, 50], [MASKED, ZERO]]
    assert totals(shown) == "0 to 100"
    assert (SMALL, said(MASKED)) == (0, "masked")


def test_sums_are_those_of_the_numbers_shown():
    thirds = np.full((1, 3), 1 / 3)
    assert totals(percents(thirds)) == "99"
    assert "Rows add up to 99" in figures.attention_map(thirds, ["a"], "bcd").html


@pytest.mark.parametrize("keys", [4, 3])
def test_the_map_shows_every_head_and_their_average(keys):
    weights = random_heads(keys=keys)
    shown = list(cells(figures.attention_map(weights, WORDS, WORDS[:keys]).html))
    assert [head.split(";")[0] for head, _ in shown] == [
        "Head 1",
        "Head 2",
        "Head 3",
        "Head average",
    ]
    for (_, rows), matrix in zip(shown, [*weights, weights.mean(axis=0)], strict=True):
        expected = [[said(p) for p in row] for row in percents(matrix)]
        assert rows == expected


def test_text_is_the_head_at_the_start():
    weights = random_heads()
    lines = repr(figures.attention_map(weights, WORDS, head=1)).splitlines()
    assert lines[0] == "Where each word looks, head 2: queries down, keys across, percent"
    assert [line.split() for line in lines[2:]] == [
        [word, *map(said, row)] for word, row in zip(WORDS, percents(weights[1]), strict=True)
    ]


def test_a_tensor_with_a_gradient_is_as_good_as_an_array():
    weights = torch.tensor(random_heads(), requires_grad=True)
    assert figures.attention_map(weights, WORDS).html == samples.attention_map().html


@pytest.mark.parametrize("word", ["must", 1, -3])
def test_the_word_at_the_start_has_a_name_or_a_place(word):
    page = BeautifulSoup(samples.attention_map(word=word).html, "html.parser")
    assert page.select_one(".af-q label:has([checked])").text == "must"


@pytest.mark.parametrize(
    "weights, words, more, message",
    [
        (np.eye(3), WORDS, {}, r"4 words and 4 keys need weights .* got \(1, 3, 3\)"),
        (np.eye(4)[None, None], WORDS, {}, r"choose one sentence of a batch with weights\[0\]"),
        (np.eye(4) * 2, WORDS, {}, "apply softmax"),
        (np.full((4, 4), np.nan), WORDS, {}, "apply softmax"),
        (np.eye(4), WORDS, {"heads": "ab"}, "1 heads need 1 names, got 2"),
        (
            np.eye(4),
            WORDS,
            {"mask": np.eye(4)},
            r"mask must be bool of shape \(4, 4\), got float64",
        ),
        (np.eye(4), WORDS, {"mask": CAUSAL[:2]}, r"got bool of \(2, 4\)"),
    ],
)
def test_what_does_not_fit_is_refused(weights, words, more, message):
    with pytest.raises(ValueError, match=message):
        figures.attention_map(weights, words, **more)


def test_every_painted_mask_is_the_librarys_and_its_shares_are_softmax():
    states = list(cells(samples.mask_painter().html))
    assert len(states) == 12
    for head, rows in states:
        mask = eval(head.split(":")[0], vars(attention_book) | {"torch": torch}).numpy()
        mask = np.broadcast_to(mask, (1, 1, 4, 4))[0, 0]
        assert [[cell != "masked" for cell in row] for row in rows] == mask.tolist()
        weights = np.nan_to_num(softmax(np.where(mask, SCORES / 4, -1e300))) * mask
        assert rows == [[said(p) for p in row] for row in percents(weights, mask)]


def test_a_wrong_mask_is_noticed():
    code = samples.mask_painter().state(1, 0)[0]
    mask = eval(code, vars(attention_book)).numpy()
    assert not np.array_equal(mask, samples.mask_painter().state(2, 0)[1])


def test_the_causal_mask_gives_the_famous_table():
    lines = repr(samples.mask_painter()).splitlines()
    assert lines[3].split() == ["must", "48", "52", "masked", "masked"]
    assert lines[5].split() == ["orders", "25", "26", "23", "26"]


def test_the_five_steps_end_in_attention():
    words = "robot orders obey".split()
    keys, values = [[2, 1, 0, 0], [0, 2, 1, 0], [0, 0, 2, 0]], [[1, 0], [0, 1], [0, 1]]
    figure = figures.attention_steps([2, 1, 0, 1], keys, values, words)
    shares = softmax(np.array([5, 2, 0]) / 2)
    assert figure.steps[-1].rows["share"] == [f"{share:.3f}" for share in shares]
    assert figure.steps[-1].rows["output"] == [number(shares @ values)] == ["0.766 0.234"]
    assert [len(step.rows) for step in figure.steps] == [3, 4, 5, 6, 8]


def test_the_cache_counts_as_the_library_does():
    from attention_book.counting import cached_generation_macs, generation_macs

    last = figures.cache_steps(WORDS, d_head=8, bytes_each=4).steps[-1].rows
    assert last["bytes kept"] == [number(2 * 4 * 8 * 4)]
    assert last["all multiply-adds, with cache"] == [number(cached_generation_macs(4, 8))]
    assert last["all multiply-adds, without cache"] == [number(generation_macs(4, 8))]


def test_every_cell_of_the_matrix_view_is_its_dot_product():
    figure = samples.matrix_view()
    page = BeautifulSoup(figure.html, "html.parser")
    for (i, j), score in np.ndenumerate(Q @ K.T):
        line = page.select_one(f".on-q{i}.on-k{j}").text
        _, left, right = line.split(" = ")
        assert right == number(score)
        terms = [term.split("·") for term in left.replace("−", "-").split(" + ")]
        assert [t[-1].strip() for t in terms] == [
            t.strip().replace("−", "-") for t in map(number, K[j])
        ]
    grids = page.select(".on-c0 .af-grid i.r0.c1"), page.select(".on-c1 .af-grid i.r0.c1")
    assert [grid[0].text for grid in grids] == [number((Q @ K.T)[0, 1])] * 2


def test_cuts_of_different_texts_are_refused():
    with pytest.raises(ValueError, match="the same text"):
        figures.tokens_cut([["a", "b"], ["a", "c"]])


def test_a_map_shows_what_is_inside_a_part_in_order():
    inside = [figures.Beside([("b", "2", "b.html"), ("c", "3")]), [("d", "4", "d.html")]]
    figure = figures.architecture([figures.Part("a", "1", "a.html", inside), ("e", "5")])
    page = BeautifulSoup(figure.html, "html.parser")
    assert [a["href"] for a in page.select(".af-map a")] == ["a.html", "b.html", "d.html"]
    assert [a["href"] for a in page.select("details a")] == ["a.html", "b.html", "d.html"]
    assert repr(figure).splitlines()[1:] == ["a: 1", "b: 2", "c: 3", "d: 4", "e: 5"]


def test_a_page_inside_a_part_is_looked_at_too():
    inside = [figures.Beside([("b", "2", "javascript:x")])]
    with pytest.raises(ValueError, match="expected a relative address"):
        figures.architecture([figures.Part("a", "1", "a.html", inside)])


@pytest.mark.parametrize("page", ["javascript:x", "//evil.example", "data:text/html,x", "a b"])
def test_a_map_leads_only_to_pages(page):
    with pytest.raises(ValueError, match="expected a relative address"):
        figures.architecture([("part", "does", page)])


def test_rows_that_do_not_fill_the_columns_are_refused():
    with pytest.raises(ValueError, match="row 'x' has 3 values, expected 2"):
        figures.stepper([("a", "b", {"x": [1, 2, 3]})], ["one", "two"])


@pytest.mark.parametrize(
    "value, text",
    [(5, "5"), (1 - 1e-16, "1"), (0.1234, "0.123"), (-2.5, "−2.500"), (12416, "12,416"),
     ([1, 0.5], "1 0.500"), ("word", "word")],
)  # fmt: skip
def test_numbers_have_three_decimals_or_none(value, text):
    assert number(value) == text
