"""`show` prints any code of the library in lines that fit on a page, and says the same."""

import ast
import inspect
import sys
from textwrap import dedent

import pytest
from torch import nn

import attention_book
from attention_book import KVCache, MultiHeadAttention, causal_mask, checks, show
from attention_book.listing import WIDTH
from attention_book.tokens import ByteBPE

PUBLIC = [getattr(attention_book, name) for name in attention_book.__all__]


def meaning(source):
    """The code without what a formatter may change: docstrings, comments, breaks in strings."""
    tree = ast.parse(dedent(source))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body[0].value.value = ""
    return ast.unparse(tree)


@pytest.mark.parametrize("thing", [*PUBLIC, checks.causal, ByteBPE.train], ids=lambda t: t.__name__)
def test_lines_fit_and_mean_the_same(thing):
    listing = show(thing)
    assert max(map(len, listing.splitlines())) <= WIDTH
    assert meaning(listing) == meaning(inspect.getsource(thing))


def test_functions_classes_and_methods_stand_one_below_the_other():
    both = show(causal_mask, MultiHeadAttention._split)
    assert both == f"{show(causal_mask)}\n\n\n{show(MultiHeadAttention._split)}"
    assert show(KVCache).startswith("class KVCache:\n    ")
    assert "def append" in show(KVCache)


def long(x):
    """One sentence that is so long that it has to go on in a second line of the listing.

    A second paragraph.
    """
    # A comment that is so long that it has to go on in a second line of the listing, too.
    if x:  # one beside the code that is too long to stand there, and goes above it
        raise ValueError(f"a message of one {x} that is long enough to be cut for the listing")
    return x  # short


def test_only_the_first_paragraph_and_no_long_comment_stays():
    assert (
        show(long)
        == '''\
def long(x):
    """One sentence that is so long that it has to go on in a second line
    of the listing."""
    # A comment that is so long that it has to go on in a second line of
    # the listing, too.
    # one beside the code that is too long to stand there, and goes above
    # it
    if x:
        raise ValueError(
            f"a message of one {x} that is long enough to be cut for the"
            " listing"
        )
    return x  # short'''
    )


def raw():
    r"""Words without a formula."""


def raw_for_a_reason():
    r"""The root, $\sqrt{D}$."""


def test_only_a_docstring_with_a_backslash_stays_raw():
    assert show(raw) == 'def raw():\n    """Words without a formula."""'
    assert 'r"""The root, $\\sqrt{D}$."""' in show(raw_for_a_reason)


def test_a_listing_is_text_and_in_a_notebook_colored_code():
    listing = show(long)
    assert repr(listing) == str(listing)
    assert listing._repr_markdown_() == f"```python\n{listing}\n```"


def test_without_black_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "black", None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "\.\[figures\]"'):
        show(long)


@pytest.mark.bad_input
@pytest.mark.parametrize("wrong", [3, "causal_mask", nn.Linear(1, 1)])
def test_what_has_no_source_is_refused(wrong):
    with pytest.raises(TypeError):
        show(wrong)
