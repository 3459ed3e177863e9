"""A chapter ends with five questions, each with an answer that a reader unfolds."""

import re
from collections.abc import Iterator

from nbformat import NotebookNode

HEADING = "## Five questions"
ANSWERED = "{number}. {question}\n\n<details><summary>Answer</summary>\n\n{answer}\n\n</details>"
QUESTION = re.compile(
    r"\d+\. (?P<question>(?:(?!<details>).+\n)+)\n"
    r"<details><summary>Answer</summary>\n\n(?P<answer>(?s:.+?))\n\n</details>"
)


def parse(section: str) -> list[dict[str, str]]:
    found = QUESTION.finditer(section)
    return [{name: text.strip() for name, text in one.groupdict().items()} for one in found]


def written(questions: list[dict[str, str]]) -> str:
    """The section as it has to stand."""
    parts = [ANSWERED.format(number=i, **question) for i, question in enumerate(questions, 1)]
    return "\n\n".join([HEADING, *parts])


def question_problems(notebook: NotebookNode) -> Iterator[str]:
    last = notebook.cells[-1]
    if last.cell_type != "markdown" or not last.source.startswith(f"{HEADING}\n"):
        yield f"does not end with one cell {HEADING!r}"
        return
    questions = parse(last.source)
    if len(questions) != 5:
        yield f"has {len(questions)} questions in the form of CONTRIBUTING.md, not 5"
    if last.source != written(questions):
        yield "has more in its last cell than questions 1 to 5 and their answers"
    for number, question in enumerate(questions, 1):
        if not question["question"].endswith("?"):
            yield f"question {number} does not end with a question mark"
        if question["answer"].endswith("?"):
            yield f"question {number} is answered by a question"
