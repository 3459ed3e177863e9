"""Handouts give nothing away, keep all else, and the chapters' own solutions solve them."""

import json
import re
import subprocess
import sys
from copy import deepcopy
from zipfile import ZipFile

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbformat.validator import iter_validate

from tests.notebooks import strict
from tests.notebooks.cells import code_cells, shown
from tests.notebooks.integrity import starts_right
from tests.notebooks.solving import code, given_away, is_empty, parts, solved
from tools import handouts
from tools.execute import read, text, write
from tools.first_cell import PLACEHOLDER
from tools.unsolved import WAITS, asleep, awake

CHAPTERS = handouts.chapters()
SHORT = ["05-matrix-view", "bug-museum"]
IMPORTS = "import numpy as np\n\nfrom attention_book.exercises import matrix_view"
RIGHT = {"text/plain": "Right."}
SITE = "https://ada.github.io/notes/"
QUESTION = """\
## Five questions

1. Is it so?

<details><summary>Answer</summary>

Yes, it is.

</details>

2. Still?

<details><summary>Answer</summary>

Even now.

</details>"""


def each(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("handouts")
    (folder / "old.ipynb").touch()
    handouts.write_handouts(folder)
    return folder


def a_chapter():
    return new_notebook(
        cells=[
            new_markdown_cell("See [the view](05-x.ipynb#a), [words](glossary.md#b)."),
            new_code_cell("1 + 1", execution_count=1, metadata={"proofs": []}, outputs=[TWO]),
            new_markdown_cell("## Exercises\n\n### Exercise 8.1 ★ Two\n\nMake two."),
            new_code_cell("# two(...)"),
            new_markdown_cell("#### Solution 8.1"),
            new_markdown_cell("One and one."),
            new_code_cell("two(1 + 1.0)", outputs=[TWO], metadata={"tags": ["hide-cell"]}),
            new_markdown_cell("## What you have now\n\nTwo."),
            new_markdown_cell(QUESTION),
        ]
    )


TWO = new_output("execute_result", {"text/plain": "2"}, execution_count=1)


def small(site=None, names=()):
    return handouts.handout(a_chapter(), set(names), site)


def test_a_handout_keeps_the_tasks_and_no_answer():
    cells = small().cells
    assert [cell.source for cell in cells[1:-1]] == [
        "1 + 1",
        "## Exercises\n\n### Exercise 8.1 ★ Two\n\nMake two.",
        "# two(...)",
        "## What you have now\n\nTwo.",
    ]
    assert cells[-1].source == "## Five questions\n\n1. Is it so?\n\n2. Still?"
    assert given_away(small(), a_chapter()) == []


@pytest.mark.parametrize(
    ("site", "names", "source"),
    [
        (None, [], "See the view, words."),
        (None, ["05-x.ipynb"], "See [the view](05-x.ipynb#a), words."),
        (SITE, ["05-x.ipynb"], f"(05-x.ipynb#a), [words]({SITE}chapters/glossary.html#b)"),
        (SITE, [], f"[the view]({SITE}chapters/05-x.html#a)"),
    ],
)
def test_links_lead_into_the_folder_or_to_the_site_or_nowhere(site, names, source):
    assert source in small(site, names).cells[0].source


def test_the_site_has_an_address_when_the_repository_has_one():
    assert handouts.site("https://github.com/ada/notes") == SITE
    assert handouts.site(PLACEHOLDER) is None


def test_what_a_handout_gives_away_is_found():
    chapter, handout = a_chapter(), small()
    for place, cell in [(4, 4), (4, 5), (4, 6)]:
        spoiled = small()
        spoiled.cells.insert(place, chapter.cells[cell])
        assert given_away(spoiled, chapter)
    for key, value in [("outputs", [TWO]), ("execution_count", 3), ("metadata", {"proofs": []})]:
        spoiled = small()
        spoiled.cells[1][key] = value
        assert given_away(spoiled, chapter) == [spoiled.cells[1].id]
    handout.cells[-1].source += "\n\nEven now."
    assert given_away(handout, chapter) == ["Even now."]


@each(CHAPTERS)
def test_a_handout_gives_nothing_away_and_keeps_all_else(path, written):
    chapter, handout = read(path), read(written / path.name)
    assert given_away(handout, chapter) == []
    tasks, solutions = parts(handout, "Exercise"), parts(chapter, "Solution")
    assert set(tasks) == set(solutions) != set()
    assert all(sum(map(is_empty, cells)) == 1 for cells in tasks.values())
    gone = {cell.id for cells in solutions.values() for cell in cells}
    kept = [cell for cell in chapter.cells if cell.id not in gone]
    assert list(map(words, handout.cells)) == list(map(words, kept))


@each(CHAPTERS)
def test_a_handout_is_a_notebook_in_the_form_of_the_others(path, written):
    handout = written / path.name
    assert list(iter_validate(json.loads(handout.read_text("utf-8")))) == []
    assert handout.read_text("utf-8") == text(read(handout))
    assert list(starts_right(read(handout))) == []
    assert "colab" not in read(handout).metadata


def undefined(*paths):
    """The names that no cell of these notebooks makes."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F821"]
    run = subprocess.run([*command, *paths], capture_output=True, text=True)
    assert run.returncode in (0, 1), run.stderr
    return re.findall("F821 Undefined name `(.*)`", run.stdout)


def test_no_handout_uses_a_name_that_only_a_solution_makes(written):
    assert undefined(*written.glob("*.ipynb")) == []


def test_what_uses_an_answer_waits_as_a_comment(tmp_path):
    chapter = a_chapter()
    sources = [
        "n = two(1)\nkept = 1",
        "kept = 2",
        "print(kept)",
        "def f(n): return n",
        "m = n",
        "f(m)",
    ]
    chapter.cells[6].source = sources[0]
    chapter.cells[8:8] = map(new_code_cell, sources[1:])
    handout = handouts.handout(deepcopy(chapter), set(), None)
    after = [cell.source for cell in code_cells(handout)[2:]]
    assert after == [*sources[1:4], f"{WAITS}\n# m = n", f"{WAITS}\n# f(m)"]
    given = new_notebook(cells=[new_code_cell("def two(n): ..."), *handout.cells])
    for source, names in [(asleep("m = n"), []), ("m = n", ["n"])]:
        given.cells[-3].source = source
        write(given, tmp_path / "given.ipynb")
        assert undefined(tmp_path / "given.ipynb") == names


@pytest.mark.parametrize("source", ["a = 1", "if a:\n    b = 1\n\n    c = 2", ""])
def test_a_cell_that_wakes_is_what_it_was(source):
    assert awake(asleep(source)) == awake(source) == source
    assert all(line.startswith("#") for line in asleep(source).split("\n"))


def test_the_folder_has_all_handouts_once_more_in_one_archive(written):
    names = [path.name for path in CHAPTERS]
    assert sorted(path.name for path in written.glob("*.ipynb")) == sorted(names)
    with ZipFile(written / handouts.ARCHIVE) as archive:
        assert archive.testzip() is None
        inside = {name.removeprefix("attention-step-by-step/"): name for name in archive.namelist()}
        assert list(inside) == [handouts.LICENSE, *names]
        for name, whole in inside.items():
            assert archive.read(whole) == (written / name).read_bytes()


def test_the_same_bytes_come_out_again(written, tmp_path):
    handouts.write_handouts(tmp_path)
    for path in sorted(tmp_path.iterdir()):
        assert path.read_bytes() == (written / path.name).read_bytes()


def words(cell):
    """The kind of a cell and its source, without answers and without where its links lead."""
    if cell.cell_type == "code":
        return cell.id, awake(cell.source)
    plain = re.sub(r"<details><summary>Answer.*?</details>\s*", "", cell.source, flags=re.S)
    return cell.id, re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", plain).rstrip()


def by_itself(notebook, path):
    """What strict nbval holds against a notebook that lies in a folder with nothing else."""
    path.parent.mkdir()
    write(notebook, path)
    return strict.reports(path.parent)


@each([p if p.stem in SHORT else pytest.param(p, marks=pytest.mark.thorough) for p in CHAPTERS])
def test_the_chapters_solutions_solve_the_handout(path, written, tmp_path):
    chapter = read(path)
    filled = solved(read(written / path.name), chapter)
    for cells in parts(chapter, "Solution").values():
        assert ("text/plain", "Right.") in shown(code(cells)[-1])
        assert all(cell in filled.cells for cell in code(cells))
    assert by_itself(filled, tmp_path / "alone" / path.name) == {}


def test_a_wrong_solution_is_found(tmp_path):
    chapter = a_chapter()
    chapter.cells[1].update(source=IMPORTS, outputs=[], metadata={})
    chapter.cells[6].outputs = [new_output("execute_result", RIGHT, execution_count=2)]
    chapter.cells[6].source = "matrix_view.hidden(np.ones((5, 5)))"
    filled = solved(handouts.handout(deepcopy(chapter), set(), None), chapter)
    [report] = by_itself(filled, tmp_path / "alone" / "wrong.ipynb").values()
    assert "Not yet: equal values mix to themselves again." in report
