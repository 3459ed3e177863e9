"""Every check can fail: notebooks spoiled in one way each, rejected for the right reason."""

from pathlib import Path

import pytest
from nbformat.v4 import new_markdown_cell, new_output

from tests.notebooks.integrity import problems
from tests.notebooks.strict import reports
from tools.execute import read, text, write

EXACT = {"claim": "a == b", "within": "exact", "times": 1}
BOUND = {"claim": "a < b", "within": "as stated", "times": 1}
LIBRARY, WEIGHTS, FIGURE, LARGEST = 1, 2, 3, 4
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4DwQACfsD/Z8V3hQAAAAASUVORK5CYII="


def printing(words):
    return [new_output("stream", name="stdout", text=words)]


def showing(**kinds):
    return [new_output("display_data", data={k.replace("_", "/"): v for k, v in kinds.items()})]


def failing():
    return [new_output("error", ename="ValueError", evalue="no", traceback=[])]


def warning():
    return [new_output("stream", name="stderr", text="a warning")]


def put(place, **fields):
    """A sabotage that sets fields of one cell."""
    return lambda notebook: notebook.cells[place].update(fields)


def tagged(place, tag):
    return put(place, metadata={"tags": [tag]})


def stating(place, kind, **fields):
    """A statement of this kind on a cell that has proved nothing but what is given."""
    proofs = fields.pop("proofs", [])
    stated = {"kind": kind, "says": "It is so.", "inputs": "three weights", **fields}
    stated = {key: said for key, said in stated.items() if said is not None}
    return put(place, metadata={"statement": stated, "proofs": proofs})


def widget():
    view = {
        "application/vnd.jupyter.widget-view+json": {"model_id": "0"},
        "text/plain": "IntSlider()",
    }
    return [new_output("display_data", data=view)]


def picture_last(notebook):
    del notebook.cells[LARGEST]


def stale_picture(notebook):
    notebook.cells[FIGURE].outputs[0].data["image/png"] = DOT


def other_letter(notebook):
    notebook.cells[FIGURE].source = notebook.cells[FIGURE].source.replace("it", "at")


def reversed_outputs(notebook):
    notebook.cells[FIGURE].outputs += printing("1\n")
    notebook.cells[FIGURE].source = f"print(1)\n{notebook.cells[FIGURE].source}"


def after_a_solution(notebook):
    notebook.cells[0].source = "#### Solution 1.1"
    notebook.cells.insert(1, new_markdown_cell("It is so.\n\n## Next"))


def checked(notebook):
    notebook.cells[0].source += "\n\n**Checked.** They do."
    notebook.cells[WEIGHTS].metadata["proofs"] = [EXACT]


def argued(notebook):
    stating(0, "argued", inputs=None)(notebook)
    notebook.cells[0].source += "\n\n**Proof.** They do."


def checked_elsewhere(notebook):
    checked(notebook)
    notebook.cells.insert(1, new_markdown_cell("## Another"))


def same_ids(notebook):
    notebook.cells[LARGEST]["id"] = notebook.cells[WEIGHTS]["id"]


IN_THE_FILE = {
    "counts out of order": (put(WEIGHTS, execution_count=7), "count 7, not 2"),
    "never run": (put(WEIGHTS, execution_count=None, outputs=[]), "count None, not 2"),
    "nbval-skip": (tagged(WEIGHTS, "nbval-skip"), "tag 'nbval-skip'"),
    "raises, but does not": (tagged(WEIGHTS, "raises-exception"), "tag 'raises-exception'"),
    "nbval comment": (put(WEIGHTS, source="# NBVAL_IGNORE_OUTPUT\n1"), "nbval comment"),
    "timestamps": (put(WEIGHTS, metadata={"execution": {}}), "metadata 'execution'"),
    "capture": (put(WEIGHTS, source="%%capture\n1"), "magic or shell line"),
    "shell": (put(WEIGHTS, source="!ls"), "magic or shell line"),
    "semicolon": (put(WEIGHTS, source="x = 1\nx;"), "behind a semicolon"),
    "empty cell": (put(WEIGHTS, source=""), "is empty"),
    "error output": (put(WEIGHTS, outputs=failing()), "ends in ValueError"),
    "stderr": (put(WEIGHTS, outputs=warning()), "writes to stderr"),
    "widget": (put(WEIGHTS, outputs=widget()), "shows application/vnd.jupyter.widget-view+json"),
    "no alt text": (put(FIGURE, metadata={}), "needs mystnb.image.alt"),
    "file name as alt text": (
        put(FIGURE, metadata={"mystnb": {"image": {"alt": "figure_3.png"}}}),
        "needs mystnb.image.alt",
    ),
    "two figures": (put(FIGURE, outputs=showing(image_png=DOT) * 2), "2 figures under one alt"),
    "figure without a number": (picture_last, "draws what nothing checks"),
    "back-ticks": (put(0, source="```{note}\nHi\n```"), "has a directive, '```{note}'"),
    "colons": (put(0, source=":::{note}\nHi\n:::"), "has a fence, ':::{note}'"),
    "role": (put(0, source="A {term}`mask`."), "has a role, '{term}`'"),
    "target": (put(0, source="(here)=\n# Title"), "has a target, '(here)='"),
    "substitution": (put(0, source="{{ claims }}"), "has a substitution"),
    "opening without a box": (put(0, source="So. **Predict first.** Go."), "where no block quote"),
    "proof of nothing argued": (put(0, source="**Proof.** So."), "and states nothing argued"),
    "check of nothing": (put(0, source="**Checked.** So."), "no check held below it"),
    "check of another section": (checked_elsewhere, "no check held below it"),
    "formula in brackets": (put(0, source="It is ($x$)."), "touches '('"),
    "formula with a letter": (put(0, source="The $x$th."), "touches 't'"),
    "formula behind code": (put(0, source="`f`$x$"), "touches '`'"),
    "formula over two lines": (put(0, source="So $a +\nb$."), "goes over two lines"),
    "formula cut by italics": (put(0, source="${x}_H = y_{h}$"), "that markup cuts in two"),
    "formula within a line": (put(0, source="So $$x$$ is."), "has no lines of its own"),
    "formula with textcolor": (put(0, source=r"$\textcolor{red}{x}$"), "does not know"),
    "false quotation": (put(0, source="```python\nlr=7,\n```"), "no program in tools/ says: lr=7"),
    "wide line": (put(WEIGHTS, source=f"x = {'1' * 73}"), "a line of 77 columns, more than 76"),
    "fold without a title": (tagged(WEIGHTS, "hide-input"), "must begin with a `# @title`"),
    "title without a fold": (put(WEIGHTS, source="# @title W\n1"), "must begin with a `# @title`"),
    "answer in sight": (tagged(WEIGHTS, "hide-output"), "gives away '1.0'"),
    "solution with its text": (put(0, source="#### Solution 1.1\n\nSo."), "more than the heading"),
    "text after a solution": (after_a_solution, "begin a cell with the next heading"),
    "unknown kind": (stating(WEIGHTS, "sure"), "of the kind 'sure': only"),
    "statement without its inputs": (
        stating(WEIGHTS, "equal", proofs=[EXACT], inputs=None),
        "one that is equal has ('says', 'inputs')",
    ),
    "statement with nothing in it": (stating(WEIGHTS, "counted", says=""), "one that is counted"),
    "no sentence": (stating(WEIGHTS, "equal", proofs=[EXACT], says="So"), "no sentence, 'So'"),
    "equal without a check": (stating(WEIGHTS, "equal"), "is equal, but no equality held"),
    "equal by a bound": (stating(WEIGHTS, "equal", proofs=[BOUND]), "no equality held"),
    "counted without a check": (stating(WEIGHTS, "counted"), "counted, but no equality held"),
    "measured without seeds": (stating(WEIGHTS, "measured"), "one that is measured has"),
    "measured over some seeds": (
        stating(WEIGHTS, "measured", seeds="several"),
        "the seeds 'several': give their numbers",
    ),
    "measured without a set-up": (
        stating(WEIGHTS, "measured", seeds="0 to 4", inputs=None),
        "one that is measured has",
    ),
    "measured in text": (
        stating(0, "measured", seeds="0 to 4"),
        "measured in a cell of markdown",
    ),
    "argued in code": (stating(WEIGHTS, "argued", inputs=None), "argued in a cell of code"),
    "wrong first cell": (put(LIBRARY, source="import attention_book"), "not the first cell"),
    "first cell not folded": (put(LIBRARY, metadata={}), "must have the tag hide-input"),
    "one id twice": (same_ids, "the id 'weights' of another"),
    "script": (put(WEIGHTS, outputs=showing(text_html="<b><SCRIPT>1</script>")), "holds <script>"),
    "handler": (put(WEIGHTS, outputs=showing(text_html="<img onerror=x>")), "holds onerror="),
    "frame": (put(0, source="Hi <iframe src=x></iframe>"), "holds <iframe>"),
    "script address": (put(0, source="<a href='java\nscript:x'>b</a>"), "holds javascript:"),
    "machine path": (put(WEIGHTS, outputs=printing("/home/ada/book")), "a machine path, '/home/a'"),
    "path in source": (put(WEIGHTS, source="open('/tmp/x')"), "a machine path, '/tmp/x'"),
    "secret": (put(WEIGHTS, source=f"key = 'ghp_{'x' * 36}'"), "holds a secret"),
    "address": (put(WEIGHTS, outputs=printing("<object at 0x7f3a>")), "address, 'at 0x7f3a'"),
    "version": (put(WEIGHTS, outputs=printing("torch 2.13.0")), "a version, '2.13.0'"),
    "timing": (put(WEIGHTS, outputs=printing("took 12.3 ms")), "a timing, '3 ms'"),
    "number of nobody": (put(0, source="It is 0.8765 then."), "says 0.8765, which no output"),
    "large count": (put(0, source="All 9,876,543 of them."), "says 9,876,543, which no output"),
    "bidi": (put(0, source="# Safe \u202etxt"), "bidirectional control"),
}

WHEN_RUN = {
    "stale number": (put(WEIGHTS, outputs=printing("1.1\n")), "1.1"),
    "outputs stripped": (put(WEIGHTS, outputs=[]), "Unexpected output fields"),
    "outputs in another order": (reversed_outputs, "shows ['stdout', 'image/png'"),
    "stale picture": (stale_picture, "draws another picture"),
    "stale letter": (other_letter, "draws another picture"),
    "stale proof": (put(WEIGHTS, metadata={"proofs": []}), "proves None, but the file has other"),
    "hidden state": (put(WEIGHTS, source="print(deleted)"), "name 'deleted' is not defined"),
    "dead kernel": (put(WEIGHTS, source="import os\nos._exit(1)"), "the kernel died"),
}


def spoil(good: Path, sabotage, folder: Path, name: str = "spoiled") -> Path:
    notebook = read(good)
    sabotage(notebook)
    write(notebook, folder / f"{name}.ipynb")
    return folder / f"{name}.ipynb"


def test_reading_accepts_the_good_notebook(good):
    assert problems(good) == []


@pytest.mark.parametrize(
    "right",
    [
        stating(WEIGHTS, "equal", proofs=[BOUND, EXACT]),
        stating(WEIGHTS, "counted", proofs=[EXACT]),
        stating(WEIGHTS, "measured", seeds="0 to 4"),
        stating(0, "argued", inputs=None),
        checked,
        argued,
    ],
)
def test_reading_accepts_a_statement_that_its_cell_carries(right, good, tmp_path):
    assert problems(spoil(good, right, tmp_path)) == []


@pytest.mark.parametrize("name", IN_THE_FILE)
def test_reading_rejects(name, good, tmp_path):
    sabotage, message = IN_THE_FILE[name]
    found = problems(spoil(good, sabotage, tmp_path))
    assert any(
        problem.startswith("spoiled.ipynb: cell ") and message in problem for problem in found
    )


def test_running_rejects_each_for_its_reason_and_accepts_the_good_one(good, tmp_path):
    for name, (sabotage, _) in WHEN_RUN.items():
        spoil(good, sabotage, tmp_path, name.replace(" ", "-"))
    spoil(good, lambda notebook: None, tmp_path, "good")
    found = reports(tmp_path)
    for name, (_, message) in WHEN_RUN.items():
        assert message in found.pop(name.replace(" ", "-"), "no report"), name
    assert found == {}


def test_running_ends_an_endless_loop(good, tmp_path):
    spoil(good, put(LIBRARY, source="while True:\n    pass"), tmp_path)
    found = reports(tmp_path, "--nbval-cell-timeout=3", "-x")
    assert "Timeout of 3 seconds exceeded" in found["spoiled"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"name": "python3"', '"name": "my-kernel"', "not in normal form"),
        ('"nbformat": 4', '"nbformat":  4', "not in normal form"),
        ('"cellView": "form",', "", "not in normal form"),
        ('"source_hidden": true', '"source_hidden": false', "not in normal form"),
        ('"cell_type": "markdown"', '"cell_type": "marked"', "no valid notebook"),
    ],
)
def test_only_the_normal_form_is_accepted(old, new, message, good, tmp_path):
    path = tmp_path / "spoiled.ipynb"
    path.write_text(text(read(good)).replace(old, new), "utf-8")
    assert any(message in problem for problem in problems(path))
