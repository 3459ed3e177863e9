"""`make test` says what it leaves to `make test-all`, and the workflow leaves nothing."""

import re
from types import SimpleNamespace

import pytest

from tests.conftest import pytest_collection_modifyitems
from tools.repository import ROOT


class Item:
    def __init__(self, *marks):
        self.get_closest_marker = dict.fromkeys(marks, True).get
        self.added = []
        self.add_marker = self.added.append


@pytest.mark.parametrize("asked", ["", "bad_input", "thorough", "thorough or not thorough"])
def test_what_is_left_is_counted_as_skipped_unless_it_is_asked_for(asked):
    short, long = Item(), Item("thorough")
    config = SimpleNamespace(option=SimpleNamespace(markexpr=asked))
    pytest_collection_modifyitems(config, [short, long])
    assert short.added == []
    reasons = [mark.kwargs["reason"] for mark in long.added]
    assert reasons == ["left to make test-all"] * ("thorough" not in asked)


def test_the_workflow_runs_all_of_test_all():
    makefile, workflow = (
        (ROOT / name).read_text("utf-8") for name in ("Makefile", ".github/workflows/ci.yml")
    )
    parts = re.search("^test-all: (.*?)  ##", makefile, re.M)[1].split()
    assert len(parts) == 3
    assert set(parts) <= set(re.findall(r"- run: make (\S+)", workflow))
