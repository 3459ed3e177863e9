"""The library's own code, shown on a page."""

import inspect
import re
from collections.abc import Callable
from functools import partial
from textwrap import dedent, fill

WIDTH = 76
DOCSTRING = re.compile(r'^( *)(r?""")(.+?)(?:\n\n.*?)?\s*"""$', re.M | re.S)
BESIDE = re.compile(rf"^(?=.{{{WIDTH + 1}}})( *)(\S.*?)  # (.+)$", re.M)
COMMENT = re.compile(r"^( *)# (.+)$", re.M)
wrapped = partial(fill, width=WIDTH - len('"""'), break_long_words=False, break_on_hyphens=False)


class Listing(str):
    """Code that shows itself: in color where Markdown is shown, and else as it is."""

    __repr__ = str.__str__

    def _repr_markdown_(self) -> str:
        return f"```python\n{self}\n```"


def show(*things: Callable) -> Listing:
    """The source of functions, classes or methods, in lines of at most 76 columns.

    The first paragraph of each docstring stays.
    """
    source = "\n\n".join(dedent(inspect.getsource(thing)) for thing in things)
    source = DOCSTRING.sub(_short_docstring, source)
    source = COMMENT.sub(_short_comment, BESIDE.sub(r"\1# \3\n\1\2", source))
    return Listing(_formatted(source).rstrip())


def _short_docstring(found: re.Match) -> str:
    indent, quotes, paragraph = found.groups()
    text = " ".join(paragraph.split())
    if "\\" not in text:
        quotes = quotes.removeprefix("r")
    return wrapped(text, initial_indent=indent + quotes, subsequent_indent=indent) + '"""'


def _short_comment(found: re.Match) -> str:
    start = f"{found[1]}# "
    return wrapped(found[2], initial_indent=start, subsequent_indent=start)


def _formatted(source: str) -> str:
    try:
        import black
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            'show needs the extra "figures": run `pip install ".[figures]"` in the book\'s folder'
        ) from None
    mode = black.Mode(
        line_length=WIDTH,
        target_versions={black.TargetVersion.PY311},
        preview=True,
        enabled_features={black.Preview.string_processing},
    )
    return black.format_str(source, mode=mode)
