import re

import numpy as np
import pytest

from attention_book.figures import workbench
from tests.figures.samples import CAUSAL, WORDS, K, Q, softmax
from tests.figures.samples import workbench as sample
from tests.figures.test_browser import show

__all__ = ["show"]
SHOWN = "all => all.map(e => +e.textContent)"
OPEN = np.ones((4, 4), bool)


def shown(tab, name):
    cells = tab.locator(f".af-{name} tbody td").evaluate_all(SHOWN)
    return np.reshape(cells, (4, -1))


def expected(q, k, v, mask):
    weights = softmax(q @ k.T / np.sqrt(q.shape[1]), mask)
    return {"scores": q @ k.T / np.sqrt(q.shape[1]), "weights": weights, "output": weights @ v}


def differences(tab, *arrays):
    """How far the three tables are from NumPy's."""
    pairs = expected(*arrays).items()
    return [abs(shown(tab, name) - x).max() for name, x in pairs]


def field(tab, name, i, j):
    return tab.locator(f".af-{name} tr").nth(i).locator("input").nth(j)


def says(tab):
    return tab.locator("output").inner_text()


@pytest.mark.parametrize("mask", [OPEN, CAUSAL])
def test_every_number_edited_by_keyboard_counts(show, mask):
    given = {"queries": Q.astype(float), "keys": K.astype(float), "values": Q.astype(float)}
    with show(workbench(*given.values(), WORDS, mask=mask).html) as opened:
        assert max(differences(opened.tab, *given.values(), mask)) <= 0.0051
        assert says(opened.tab) == "Equals what the cell computes."
        for name, x in given.items():
            for i, j in np.ndindex(x.shape):
                x[i, j] = (-1) ** i * (i + 0.5 * j)
                field(opened.tab, name, i, j).focus()
                opened.tab.keyboard.press("Control+a")
                opened.tab.keyboard.type(str(x[i, j]))
                assert max(differences(opened.tab, *given.values(), mask)) <= 0.0051
        assert says(opened.tab).startswith("Your own numbers")


def test_arrow_keys_step_a_number(show):
    with show(workbench(Q, K, Q, WORDS).html) as opened:
        field(opened.tab, "keys", 2, 1).focus()
        opened.tab.keyboard.press("ArrowUp")
        more = K + np.eye(4)[:, [2]] * np.eye(3)[1]
        assert max(differences(opened.tab, Q, more, Q, OPEN)) <= 0.0051


def test_what_an_edit_changes_is_marked_and_reset_takes_it_back(show):
    with show(workbench(Q, K, Q, WORDS).html) as opened:
        field(opened.tab, "values", 0, 0).fill("7")
        assert opened.tab.locator(".af-output .af-other").count() == 4
        assert opened.tab.locator(".af-other").count() == 4, "no weight looks at a value"
        opened.tab.get_by_role("button", name="reset").click()
        assert opened.tab.locator(".af-other").count() == 0
        assert says(opened.tab) == "Equals what the cell computes."
        assert max(differences(opened.tab, Q, K, Q, OPEN)) <= 0.0051


def test_on_a_phone_the_weights_stay_in_sight_of_the_edited_number(show):
    with show(sample().html, width=375) as opened:
        tab = opened.tab
        tab.set_viewport_size({"width": 375, "height": 600})
        field(tab, "queries", 0, 0).fill("5")
        assert tab.evaluate("scrollY") < 100
        box = tab.locator(".af-weights").bounding_box()
        assert box["y"] + box["height"] <= 600
        assert opened.pixels_too_wide() <= 0


def test_a_missing_number_is_said(show):
    with show(sample().html) as opened:
        field(opened.tab, "queries", 1, 1).fill("")
        assert says(opened.tab) == "A number is missing."
        field(opened.tab, "queries", 1, 1).fill("2")
        assert says(opened.tab) == "Equals what the cell computes."


@pytest.mark.parametrize("allowed", [True, False])
def test_the_copy_is_numpy_that_gives_the_same_arrays(show, allowed):
    with show(workbench(Q, K, Q, WORDS).html) as opened:
        write = "text => { window.copied = text; }" if allowed else "() => { throw 0; }"
        clipboard = (
            f"Object.defineProperty(navigator, 'clipboard', {{value: {{writeText: {write}}}}})"
        )
        opened.tab.evaluate(clipboard)
        field(opened.tab, "keys", 0, 0).fill("-2.5")
        opened.tab.get_by_role("button", name="copy").click()
        code = opened.tab.evaluate("window.copied") if allowed else says(opened.tab)
        assert not allowed or says(opened.tab) == "Copied."
        names = {}
        exec(code if allowed else f"import numpy as np; {code}", names)
        assert names["keys"].tolist() == [[-2.5, 0, 1], *K[1:].tolist()]
        assert names["queries"].tolist() == names["values"].tolist() == Q.tolist()


def test_a_wrong_number_is_noticed(show):
    html = re.sub(r'("keys":\[\[)1', r"\g<1>2", sample().html)
    with show(html) as opened:
        field(opened.tab, "queries", 3, 2).fill("0.5")
        assert says(opened.tab) != "Equals what the cell computes."
    with show(sample().html) as opened:
        assert max(differences(opened.tab, Q, K + 1, Q, CAUSAL)) > 0.1


def test_without_a_script_the_tables_stay_and_nothing_pretends_to_be_editable(show):
    with show(sample().html, scripts=False) as opened:
        assert max(differences(opened.tab, Q, K, Q, CAUSAL)) <= 0.0051
        assert not opened.tab.get_by_role("button", name="reset").is_visible()
        field(opened.tab, "keys", 0, 0).focus()
        opened.tab.keyboard.type("9")
        assert field(opened.tab, "keys", 0, 0).input_value() == "1"


@pytest.mark.parametrize(
    "arrays, more, match",
    [
        ((Q, K, Q[:3]), {}, r"workbench: 4 words need queries and keys \(4, D\)"),
        ((Q, K[:, :2], Q), {}, "workbench: 4 words need"),
        ((np.ones((4, 9)), np.ones((4, 9)), Q), {}, "at most 8 wide"),
        ((Q, K, Q), {"mask": np.ones((4, 4))}, r"a bool mask \(4, 4\), got .* float64"),
        ((Q, K, Q), {"contents": ["one"]}, "values of width 3 need as many contents, got 1"),
        ((Q, [["x"] * 3] * 4, Q), {}, "workbench: keys must be numbers"),
    ],
)
def test_what_does_not_fit_is_refused(arrays, more, match):
    with pytest.raises(ValueError, match=match):
        workbench(*arrays, WORDS, **more)
