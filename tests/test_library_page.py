"""The page of the library's reference leaves nothing out, and docstrings become pages."""

import importlib.util
import re

import pytest

import attention_book
from attention_book import checks, models, train
from tools.repository import ROOT

PAGE = (ROOT / "chapters/library.md").read_text("utf-8")


def documented(page):
    """The last parts of the names that the page documents one by one."""
    return {name.split(".")[-1] for name in re.findall(r"auto(?:function|class):: (\S+)", page)}


def translated(docstring):
    path = ROOT / "_ext/book_docstrings.py"
    spec = importlib.util.spec_from_file_location("book_docstrings", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    lines = docstring.split("\n")
    module.translate(None, "", "", None, None, lines)
    return "\n".join(lines)


@pytest.mark.parametrize("module", [attention_book, models, train], ids=lambda m: m.__name__)
def test_every_public_name_is_on_the_page(module):
    assert set(module.__all__) - documented(PAGE) == set()


def test_a_name_left_out_is_found():
    assert "record" not in documented(PAGE.replace(":: record\n", ":: recorded\n"))


def test_checks_are_documented_as_a_whole():
    assert "automodule:: attention_book.checks" in PAGE
    assert all(getattr(checks, name).__doc__ for name in checks.__all__)


@pytest.mark.parametrize(
    "written, shown",
    [
        ("$a_b$ of `x`", ":math:`a_b` of ``x``"),
        ("$a\nb$", ":math:`a b`"),
        (":math:`a` and ``x``", ":math:`a` and ``x``"),
        ("costs 5 $", "costs 5 $"),
        ("So:\n\n    a -- b\n    c\n", "So:\n\n.. code-block:: text\n\n    a -- b\n    c\n"),
    ],
)
def test_docstrings_become_restructured_text(written, shown):
    assert translated(written) == shown
