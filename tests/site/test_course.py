"""The page for teachers: its tables are the chapters' own, and its quotations the checks'."""

import ast
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from book_course import cells, chapters, filled

import attention_book.exercises
from tests.notebooks.sizes import words
from tools.execute import read
from tools.handouts import ARCHIVE
from tools.handouts import chapters as with_exercises
from tools.repository import ROOT

PAGE = (ROOT / "chapters/teach.md").read_text("utf-8")
NOTEBOOKS = {path.name: cells(path) for path in with_exercises()}
PLANS, OTHERS = PAGE.split("## For other audiences")
CHAPTERS = [path for path in with_exercises() if path.stem[0].isdigit()]
ROW = re.compile(r"^\| \{\{ exercise (\w+) (\w+) \}\} \| (.*) \|$", re.M)
READ = re.compile(r"^\| \d+ \| ([\d, ]+) \|", re.M)
WEEK = re.compile(r"^\| \d+ \| .* \| (.*) \|$", re.M)
EXERCISES = Path(attention_book.exercises.__file__).parent
SMALL = [
    (
        "markdown",
        "# 8. Masks\n\nAfter this chapter you can\n\n- one **two**,\n  three;\n- four.\n\nSo.",
    ),
    ("code", "# @title Imports\nimport torch"),
    ("code", "1 + 1"),
    ("markdown", f"{'word ' * 600} $x + y$ `code here`"),
    ("markdown", "## Exercises\n\n### Exercise 8.1 ★ A *name*\n\nDo."),
    ("code", "# masks.row(\n#     [...]\n# )"),
    ("markdown", "#### Solution 8.1"),
    ("code", "masks.other(3)"),
    ("markdown", "### Exercise 8.2 ★★★ More"),
    ("code", "# masks.window(...)"),
]
ROWS = {
    "{{ title 8 }}": "8. Masks",
    "{{ chapter 8 }}": "[8. Masks](08-x.ipynb) | 5 | ★, ★★★ | 40",
    "{{ promises 8 }}": "- one two,\n  three;\n- four.",
    "{{ exercise 8 row }}": "Exercise 8.1 ★ A *name* | 10",
    "{{ tasks 8 window row }} so": "[8.2](#exercise-8-2), [8.1](#exercise-8-1) so",
    "{{ tasks B row }}": "[B.1](#exercise-b-1)",
    "{{ claims }}": "{{ claims }}",
}


@pytest.mark.parametrize("asked", ROWS)
def test_a_chapter_fills_in_what_is_asked(asked):
    museum = [(kind, text.replace(" 8.", " B.")) for kind, text in SMALL]
    assert filled(asked, {"08-x.ipynb": SMALL, "bug-museum.ipynb": museum}) == ROWS[asked]


def test_an_exercise_that_does_not_exist_stops_the_build():
    with pytest.raises(LookupError, match="08-x has no exercise with the check other"):
        filled("{{ exercise 8 other }}", {"08-x": SMALL})


def test_the_page_has_each_chapter_and_each_exercise_in_order():
    numbers = [chapters.number(name) for name in NOTEBOOKS]
    for kind in ("chapter", "title", "promises"):
        promising = [number for number in numbers if kind != "promises" or number != "B"]
        assert re.findall(rf"\{{\{{ {kind} (\w+) \}}\}}", PAGE) == promising
    assert [(number, check) for number, check, _ in ROW.findall(PAGE)] == [
        (chapters.number(name), judge)
        for name, notebook in NOTEBOOKS.items()
        for *_, judge in chapters.exercises(notebook)
    ]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_quoted_slip_stands_in_the_check(name):
    modules = set(re.findall(r"from attention_book\.exercises import (\w+)", code(name)))
    files = [f for m in modules for f in (EXERCISES / f"{m}.py", *(EXERCISES / m).glob("*.py"))]
    said = "\n".join(constants(file) for file in files if file.exists())
    slips = [slip for number, _, slip in ROW.findall(PAGE) if number == chapters.number(name)]
    quoted = [quotation for slip in slips for quotation in re.findall("“(.*?)”", slip)]
    assert len(quoted) >= len(slips) > 2
    assert [quotation for quotation in quoted if quotation not in said] == []


def code(name):
    return "\n".join(text for kind, text in NOTEBOOKS[name] if kind == "code")


def constants(module):
    tree = ast.walk(ast.parse(module.read_text("utf-8")))
    return "\n".join(
        n.value for n in tree if isinstance(n, ast.Constant) and isinstance(n.value, str)
    )


def test_the_weeks_take_as_long_as_the_page_says():
    minutes = {
        (chapters.number(name), judge): chapters.working(stars)
        for name, notebook in NOTEBOOKS.items()
        for _, stars, _, judge in chapters.exercises(notebook)
    }
    weeks = [
        sum(
            minutes[number, check]
            for number, checks in re.findall(r"\{\{ tasks (\w+) ([\w ]+) \}\}", week)
            for check in checks.split()
        )
        for week in WEEK.findall(PLANS)
    ]
    minutes = {int(chapters.number(p.name)): chapters.reading(NOTEBOOKS[p.name]) for p in CHAPTERS}
    reads = [sum(minutes[n] for n in spelled(read)) for read in READ.findall(PLANS)]
    assert len(weeks) == len(reads) == 12 + 6
    assert max(reads) <= 80
    for plan in (weeks[:12], weeks[12:]):
        says = f"Reading takes at most 80 minutes a week, and the homework {span(plan)}"
        assert says in " ".join(PLANS.split())


def span(minutes):
    return f"{min(minutes)} to {max(minutes)}"


def test_a_chapter_builds_on_earlier_ones():
    rows = re.findall(r"^\| \{\{ chapter (\d+) \}\} \| ([^;|]*);", PAGE, re.M)
    assert len(rows) == len(CHAPTERS)
    assert all(max(spelled(needs), default=-1) < int(number) for number, needs in rows)


def spelled(text):
    """The numbers of a list such as *0, 3, 6 to 10 and 12*."""
    spans = re.findall(r"(\d+)(?: to (\d+))?", text)
    return [n for first, last in spans for n in range(int(first), int(last or first) + 1)]


def test_each_plan_says_of_every_chapter_whether_it_is_read():
    long, short = PLANS.split("## A plan for six weeks")
    assert spelled(", ".join(READ.findall(long))) == list(range(19))
    [left] = re.findall(r"leaves\s+out\s+chapters([\d,\sand]+)\.", short)
    assert sorted(spelled(", ".join([*READ.findall(short), left]))) == list(range(19))
    audiences = re.findall(r"^\| [A-Z][\w ]+ \| ([\d, to]+) \| ([\d, to]+) \|", OTHERS, re.M)
    assert len(audiences) == 4
    for kept, left in audiences:
        assert sorted(spelled(kept) + spelled(left)) == list(range(22))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_time_to_read_is_near_what_all_words_of_the_chapter_take(path):
    all_words = words(read(path)) / chapters.WORDS_A_MINUTE
    assert 0.6 * all_words < chapters.reading(NOTEBOOKS[path.name]) - 15 < 1.3 * all_words + 10


def test_the_built_page_has_full_tables_and_leads_to_the_handouts(site, html):
    (page,) = [page for path, page in site.items() if path.name == "teach.html"]
    assert "{{" not in page.get_text()
    tables = page.select("article table")
    rows = [
        [cell.get_text() for cell in row.select("td")] for t in tables for row in t.select("tr")
    ]
    stars = [row for row in rows if row and "★" in "".join(row)]
    assert len(stars) == len(NOTEBOOKS) + len(ROW.findall(PAGE))
    assert len({len(row) for row in stars}) == 2
    assert page.find("a", href=f"../{ARCHIVE}")
    with ZipFile(html / ARCHIVE) as archive:
        assert {Path(name).name for name in archive.namelist()} == {*NOTEBOOKS, "LICENSE"}
