"""The library's own code, shown on a page."""

import inspect
import re
from functools import partial
from textwrap import dedent, fill

WIDTH = 78
DOCSTRING = re.compile(r'^( *)(r?""")(.+?)(?:\n\n.*?)?\s*"""$', re.M | re.S)
BESIDE = re.compile(rf"^(?=.{{{WIDTH + 1}}})( *)(\S.*?)  # (.+)$", re.M)
COMMENT = re.compile(r"^( *)# (.+)$", re.M)
wrapped = partial(fill, width=WIDTH - len('"""'), break_long_words=False, break_on_hyphens=False)


class Listing(str):
    """Code that shows itself: in color where Markdown is shown, and else as it is."""

    __repr__ = str.__str__

    def _repr_markdown_(self):
        return f"```python\n{self}\n```"


def show(*things):
    """The source of functions, classes or methods, in lines that end before column 79.

    The first paragraph of each docstring stays. Black, which `attention-book[figures]` brings,
    sets the rest.
    """
    import black  # here, since the library alone does without

    style = {"line_length": WIDTH, "target_versions": {black.TargetVersion.PY311}}
    mode = black.Mode(**style, preview=True, enabled_features={black.Preview.string_processing})
    source = "\n\n".join(dedent(inspect.getsource(thing)) for thing in things)
    source = DOCSTRING.sub(_short_docstring, source)
    source = COMMENT.sub(_short_comment, BESIDE.sub(r"\1# \3\n\1\2", source))
    return Listing(black.format_str(source, mode=mode).rstrip())


def _short_docstring(found):
    indent, quotes, paragraph = found.groups()
    text = " ".join(paragraph.split())
    return wrapped(text, initial_indent=indent + quotes, subsequent_indent=indent) + '"""'


def _short_comment(found):
    start = f"{found[1]}# "
    return wrapped(found[2], initial_indent=start, subsequent_indent=start)
