"""What the build makes of plain text, and what it says when it finds what cannot be right."""

from types import SimpleNamespace

import pytest
from book_text.numbers import MENTION, chapter_of
from docutils.core import publish_doctree
from nbformat.v4 import new_code_cell, new_output

from tests.text.conftest import TERMS, code, markdown


def test_a_sound_chapter_builds_without_a_word(build):
    _, pages, said = build(markdown(TERMS.replace("*", "")))
    assert said == ""
    assert set(pages) >= {"08-masks", "glossary", "bibliography"}


@pytest.mark.parametrize(
    ("opening", "kind"),
    [
        ("Claimed** (Lee, 2021)", "claimed"),
        ("A common slip**:", "claimed"),
        ("Predict first.**", "predict"),
    ],
)
def test_a_quote_that_opens_in_bold_is_a_box(build, opening, kind):
    page, _, said = build(markdown(f"> **{opening} two\n> or three.\n>\n> **Computed**: four."))
    assert said == ""
    [box] = page.select(f"div.admonition.box.{kind}")
    assert [p.text.split()[-1] for p in box("p")] == ["three.", "four."]
    assert not page("blockquote")


def test_another_quote_stays_one(build):
    page, _, said = build(
        markdown("> *A robot must obey the orders given **it** by human beings.*")
    )
    assert said == ""
    assert len(page("blockquote")) == 1
    assert not page.select(".box")


@pytest.mark.parametrize("opening", ["Proof.", "Checked."])
def test_a_paragraph_that_opens_as_a_proof_or_a_check_is_bold_and_no_term(build, opening):
    page, _, said = build(markdown(f"**{opening}** They are equal."))
    assert said == ""
    assert page.find("strong", string=opening).parent.name == "p"


def test_a_term_opens_its_card_and_the_card_leads_on(build):
    page, pages, _ = build()
    first, second = page.select(".term > button[type=button]")
    assert (first.text, second.text) == ("mask", "queries")
    card = page.find(id=first["popovertarget"])
    assert card.has_attr("popover")
    assert card.find(lang="zh").text == "掩码"
    assert [line.text for line in card("p")] == [
        "mask 掩码",
        r"For each query a yes or no. \(x\) ",
        "Built in Chapter 8 · Glossary",
    ]
    assert [(a.text, a["href"]) for a in card("a")] == [
        ("query", "glossary.html#term-query"),
        ("Chapter 8", "#mask-in-08"),
        ("Glossary", "glossary.html#term-mask"),
    ]
    assert page.find(id="mask-in-08").text == "mask"
    assert pages["glossary"].find("a", string="Chapter 8")["href"] == "08-masks.html#mask-in-08"
    assert pages["glossary"].select_one("dt > [lang=zh]").text == "掩码"


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("A **kernel** runs.", "'kernel' is not in the glossary"),
        ("A **mask** again.", "'mask' has been in bold before"),
    ],
)
def test_bold_words_must_be_terms_and_once(build, text, warning):
    assert warning in build(markdown(text))[2]


def test_a_word_that_its_chapter_does_not_have_in_bold_is_found(build, monkeypatch):
    monkeypatch.setattr("tests.text.conftest.TERMS", "A **mask** alone.")
    assert "query-in-08" in build()[2]


@pytest.mark.parametrize(
    ("text", "shown", "place"),
    [
        ("As Vaswani et\nal. (2017) say", "Vaswani et al. (2017)", "vaswani2017"),
        ("so (Vaswani et al., 2017, section 3)", "Vaswani et al., 2017", "vaswani2017"),
        ("Vaswani, Shazeer and Parmar (2017)", "Vaswani, Shazeer and Parmar (2017)", "vaswani2017"),
        ("*both* (Lee, 2021; more)", "Lee, 2021", "lee2021"),
        ("of Lee (2021, slide 3)", "Lee (2021", "lee2021"),
        ("In Venus AI (n.d.) it", "Venus AI (n.d.)", "venus"),
        ("as one says (Venus AI, n.d.)", "Venus AI, n.d.", "venus"),
    ],
)
def test_author_and_year_lead_to_the_bibliography(build, text, shown, place):
    page, pages, said = build(markdown(text))
    assert said == ""
    assert page.find("a", href=f"bibliography.html#cite-{place}").text == shown
    assert pages["bibliography"].find(id=f"cite-{place}")


def test_an_entry_begins_with_the_name_that_the_text_has(build):
    names = build()[1]["bibliography"].select(".citation .label")
    assert [name.text.strip("[]") for name in names] == [
        "Lee (2021)",
        "Vaswani et al. (2017)",
        "Venus AI (n.d.)",
    ]


@pytest.mark.parametrize(
    "text",
    ["Lee (2020)", "(Li and Wu, 2021)", "Ba et al., 2017", "Transformer (2017)", "Mars (n.d.)"],
)
def test_a_work_that_is_not_in_the_bibliography_is_found(build, text):
    assert "is not in the bibliography" in build(markdown(text))[2]


@pytest.mark.parametrize(
    "text", ["In 2017, `Lee (2020)`", "$Lee (2020)$", "[Lee (2020)](08-masks.ipynb)"]
)
def test_not_every_year_is_a_citation(build, text):
    assert build(markdown(text))[2] == ""


FIGURE = markdown("*Figure 8.1.* Two rows; see exercise 8.1.\n\nMore, as\nfigure 8.1 shows.")
EXERCISE = [
    markdown(
        "### Exercise 8.1 ★ By hand\n\nDo it.\n\n"
        "<details><summary>Hint</summary>\n\nUse $x$.\n\n</details>"
    ),
    code("# check(...)"),
    markdown("#### Solution 8.1"),
    markdown("It is two."),
    code("print(2)", "2"),
]


def test_a_caption_goes_into_its_figure_and_mentions_lead_there(build):
    page, _, said = build(code("draw()", "a picture"), FIGURE, *EXERCISE)
    assert said == ""
    figure = page.find("figure", id="figure-8-1")
    assert "a picture" in figure.text
    assert figure.figcaption.text.strip().startswith("Figure 8.1. Two rows")
    links = {a.text: a["href"] for a in page.select("section a.internal")}
    assert links == {"figure 8.1": "#figure-8-1", "exercise 8.1": "#exercise-8-1"}


@pytest.mark.parametrize(
    ("cells", "warning"),
    [
        ([FIGURE], "no cell above the caption of figure 8.1"),
        ([code("1", "1"), markdown("*Figure 8.2.* One.")], "Figure ['8.2'] should be ['8.1']"),
        ([code("1", "1"), markdown("*Figure 7.1.* One.")], "Figure ['7.1'] should be ['8.1']"),
        ([markdown("See figure 9.3.")], "there is no figure 9.3"),
        ([markdown("See Exercise 8.4.")], "there is no Exercise 8.4"),
        ([markdown("### Exercise 8.2 ★ Two")], "Exercise ['8.2'] should be ['8.1']"),
        (EXERCISE[:2], "exercises ['8.1'] have solutions []"),
    ],
)
def test_a_wrong_number_is_found(build, cells, warning):
    assert warning in build(*cells)[2]


@pytest.mark.parametrize(
    ("page", "title", "number"),
    [
        ("chapters/08-masks", "B. Masks", "8"),
        ("chapters/bug-museum", "B. Bug museum", "B"),
        ("chapters/bug-museum", "Bug museum", None),
        ("chapters/bug-museum", "BERT. A museum", None),
    ],
)
def test_a_chapter_has_its_number_and_an_appendix_its_letter(page, title, number):
    document = publish_doctree(f"{title}\n{'=' * len(title)}\n\nText.")
    transform = SimpleNamespace(env=SimpleNamespace(docname=page), document=document)
    assert chapter_of(transform) == number


@pytest.mark.parametrize("mention", ["figure 8.2", "Exercise B.12", "exercise 12.1"])
def test_numbers_of_chapters_and_letters_of_appendices_are_mentioned(mention):
    assert MENTION.fullmatch(mention)
    assert not MENTION.search("Figure b.1, exercise BB.2, figure 8")


def test_an_exercise_is_a_card_and_its_solution_folds_once(build):
    page, _, said = build(*EXERCISE)
    assert said == ""
    card = page.find("section", class_="exercise")
    assert card.h3.text.startswith("Exercise 8.1 ★ By hand")
    assert [d.summary.text for d in card("details")] == ["Hint", "Solution"]
    assert card.find("details", id="solution-8-1").select_one(".cell_output").text.strip() == "2"
    assert not page.find(string="Solution 8.1")


def test_code_folds_under_its_title_and_answers_until_revealed(build):
    page, _, said = build(
        code("# @title Drawing code\ndraw()", "picture", tags=["hide-input"]),
        code("1 + 1", "2", tags=["hide-output"]),
    )
    assert said == ""
    drawing, answer = page("details")
    assert (drawing.summary.text, drawing.pre.text.strip()) == ("Drawing code", "draw()")
    assert "picture" not in drawing.text
    assert (answer.summary.text, answer.pre.text.strip()) == ("Reveal", "2")


def test_a_title_may_name_code(build):
    page, _, said = build(code("# @title By `a < b`\ndraw()", tags=["hide-input"]))
    assert said == ""
    assert str(page.summary) == "<summary>By <code>a &lt; b</code></summary>"


def test_a_folded_cell_without_a_title_is_found(build):
    assert "a folded cell has no title" in build(code("draw()", tags=["hide-input"]))[2]


def test_a_figure_links_to_the_pages_of_the_sources_that_it_names(build):
    names = ["09-kv.ipynb", "glossary.md", "https://x.org/a.ipynb", "a/b.md"]
    html = "".join(f'<a href="{name}">x</a>' for name in names)
    shown = new_output("display_data", data={"text/html": f"<b>a.ipynb</b>{html}"})
    page, _, _ = build(new_code_cell("f()", execution_count=1, outputs=[shown]))
    links = [a["href"] for a in page.select(".cell_output a")]
    assert links == ["09-kv.html", "glossary.html", "https://x.org/a.ipynb", "a/b.md"]
    assert page.select_one(".cell_output b").text == "a.ipynb"
