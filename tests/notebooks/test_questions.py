"""Every chapter ends with five questions and their answers, and a slip in their form is found."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.notebooks.questions import HEADING, question_problems, written
from tests.notebooks.test_integrity import CHAPTERS_PROPER, each
from tools.execute import read

ASKED = {"question": "What does $x$\nmean?", "answer": "One thing.\n\nAnd another."}
RIGHT = written([ASKED] * 5)


@each(CHAPTERS_PROPER)
def test_a_chapter_ends_with_five_questions(path):
    assert list(question_problems(read(path))) == []


def found(*cells):
    return list(question_problems(new_notebook(cells=list(cells))))


def test_the_form_is_accepted():
    assert found(new_markdown_cell("# Title"), new_markdown_cell(RIGHT)) == []


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        (RIGHT.replace(HEADING, "## Questions"), "does not end with"),
        (written([ASKED] * 4), "has 4 questions"),
        (RIGHT.replace("<summary>Answer</summary>", "", 1), "has 4 questions"),
        (RIGHT.replace("3. ", "4. "), "has more in its last cell"),
        (f"{RIGHT}\n\nThe end.", "has more in its last cell"),
        (RIGHT.replace("mean?", "mean.", 1), "question 1 does not end"),
        (RIGHT.replace("another.", "what?", 1), "question 1 is answered by a question"),
    ],
)
def test_each_slip_is_found(section, problem):
    assert any(problem in one for one in found(new_markdown_cell(section)))


def test_the_questions_come_last():
    [problem] = found(new_markdown_cell(RIGHT), new_code_cell("1"))
    assert "does not end with" in problem
