import json
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from attention_book import checks, fit
from attention_book.counting import count_parameters
from attention_book.fixed_memory import delta_recurrent, gated_delta_recurrent, linear_recurrent
from attention_book.fixed_memory.recall import RULES, Recall
from attention_book.tasks import accuracy, overwriting
from tests.fixed_memory.texts import shares, text

ROOT = Path(__file__).parents[2]
MEASURED = ROOT / "benchmarks/recall.json"
CHAPTER = ROOT / "chapters/18-a-fixed-memory.ipynb"
SLOPE = torch.tensor(0.5, dtype=torch.float64)


def given():
    q, k, v = text(2, width=16, value_width=16)
    return q[:, :3], k, v, *shares(2)


def last(rule, q, k, v, *gates):
    """Each question asked behind the whole text by itself, as a token that writes nothing."""
    for i in range(q.shape[1]):
        k_, v_ = torch.cat([k, k[:, :1]], 1), torch.cat([v, 0 * v[:, :1]], 1)
        q_ = torch.cat([k, q[:, i : i + 1]], 1)
        yield rule(q_, k_, v_, *(F.pad(gate, (0, 1)) for gate in gates))[0][:, -1:]


def test_the_gated_rules_answer_as_the_loops_do():
    q, k, v, beta, log_keep = given()
    unit = F.normalize(q, dim=-1)
    made = RULES["delta rule"](q, k, v, beta, log_keep, SLOPE)
    checks.same(made, torch.cat(list(last(delta_recurrent, unit, k, v, beta)), 1))
    made = RULES["gated delta rule"](q, k, v, beta, log_keep, SLOPE)
    loop = last(gated_delta_recurrent, unit, k, v, beta, log_keep)
    checks.same(made, torch.cat(list(loop), 1))


def test_linear_attention_answers_from_its_last_memory():
    q, k, v, beta, log_keep = given()
    made = RULES["linear attention"](q, k, v, beta, log_keep, SLOPE)
    whole = [linear_recurrent(torch.cat([k[:, 1:], q[:, i : i + 1]], 1), k, v) for i in range(3)]
    checks.same(made, torch.cat([output[:, -1:] for output, _ in whole], 1))


def test_sums_and_places_by_their_formulas():
    q, k, v, beta, log_keep = given()
    unit, back = F.normalize(q, dim=-1), range(k.shape[1])
    left = torch.stack([log_keep[:, j + 1 :].sum(-1) for j in back], -1).exp()
    agree = unit @ k.mT
    checks.same(RULES["sum of k vᵀ"](q, k, v, beta, log_keep, SLOPE), agree @ v)
    checks.same(RULES["decayed sum"](q, k, v, beta, log_keep, SLOPE), (agree * left[:, None]) @ v)
    places = (q @ k.mT / 4 + SLOPE * torch.tensor(back)).softmax(-1) @ v
    checks.same(RULES["softmax, positions"](q, k, v, beta, log_keep, SLOPE), places)


@pytest.mark.parametrize("rule", ["softmax", "linear attention", "sum of k vᵀ"])
def test_rules_without_an_order_cannot_tell_what_was_last(rule):
    (keys, values, asked), _ = overwriting.draw(4, 6, True, 0)
    model = Recall(RULES[rule]).double()
    swapped = torch.cat([values[:, 6:], values[:, :6]], 1)
    checks.same(model(keys, values, asked), model(keys, swapped, asked))


@pytest.mark.parametrize("rule", ["softmax, positions", "decayed sum", "delta rule"])
def test_rules_with_an_order_can(rule):
    (keys, values, asked), _ = overwriting.draw(4, 6, True, 0)
    model = Recall(RULES[rule]).double()
    swapped = torch.cat([values[:, 6:], values[:, :6]], 1)
    assert (model(keys, values, asked) - model(keys, swapped, asked)).abs().max() > 1e-3


def test_all_rules_have_the_same_parameters():
    assert {count_parameters(Recall(rule)) for rule in RULES.values()} == {8595}


def test_a_head_learns_what_was_said_last():
    torch.manual_seed(0)
    model = Recall(RULES["delta rule"])
    fit(model, overwriting.batches(150, 0), 150, lr=0.01, warmup=30)
    texts, answers = overwriting.draw(200, 4, True, 1)
    assert accuracy(model(*texts), answers) > 0.8


def shown(name):
    """What a cell of the chapter says that the program measured."""
    cells = json.loads(CHAPTER.read_text("utf-8"))["cells"]
    (source,) = (s for s in ("".join(c["source"]) for c in cells) if f"\n{name} = {{" in s)
    start = source.index(f"\n{name} = ") + len(f"\n{name} = ")
    found = {}
    exec("found = " + source[start : source.index("\n}", start) + 2], found)
    return found["found"]


def test_the_chapter_shows_what_was_measured():
    measured = json.loads(MEASURED.read_text("utf-8"))
    for name, rows in shown("measured").items():
        runs = [run["once"] + run["twice"] for run in measured[name]]
        means = np.reshape(runs, (3, 3, 7)).mean(axis=1)
        np.testing.assert_allclose(rows, means, atol=6e-4)
    for kinds, rows in shown("layered").items():
        runs = [[run["once"][3], run["twice"][0]] for run in measured[kinds]]
        np.testing.assert_allclose(rows, np.transpose(runs[:3]), atol=6e-3)
