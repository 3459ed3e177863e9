"""Text is read and written in UTF-8 on every machine, not in what the machine has by default."""

import ast

import pytest

from tools.repository import ROOT

FOLDERS = ["_ext", "benchmarks", "src", "tests", "tools"]
BINARY = {"Image.open", "pikepdf.open", "wave.open"}  # they open pictures, papers and sounds
PLACE = {"read_text": 0, "write_text": 1}  # of the encoding among the arguments


def unsaid(source):
    """The lines that read or write text and name no encoding."""
    return [node.lineno for node in ast.walk(ast.parse(source)) if _is_unsaid(node)]


def _is_unsaid(node):
    if not isinstance(node, ast.Call) or "encoding" in {word.arg for word in node.keywords}:
        return False
    if isinstance(node.func, ast.Attribute) and node.func.attr in PLACE:
        return len(node.args) <= PLACE[node.func.attr]
    called = ast.unparse(node.func)
    return called.split(".")[-1] == "open" and called not in BINARY and _is_text(node)


def _is_text(call):
    """Whether a call of `open`, or of a path's, opens text: else its mode has a b."""
    modes = [*call.args, *(word.value for word in call.keywords if word.arg == "mode")]
    texts = [mode.value for mode in modes if isinstance(mode, ast.Constant)]
    return not any("b" in text for text in texts if isinstance(text, str) and len(text) < 4)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_of_text_says_its_encoding(folder):
    paths = [*(ROOT / folder).rglob("*.py")]
    found = {str(path.relative_to(ROOT)): unsaid(path.read_text("utf-8")) for path in paths}
    assert paths
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        "path.read_text()",
        "path.write_text(text)",
        "Path(name).write_text(data=text, newline='')",
        "open(name)",
        "open(name, 'w')",
        "path.open()",
        "io.open(name, mode='a')",
    ],
)
def test_a_file_in_the_machines_own_encoding_is_found(source):
    assert unsaid(f"import io\n{source}") == [2]


@pytest.mark.parametrize(
    "source",
    [
        "path.read_text('utf-8')",
        "path.write_text(text, 'utf-8')",
        "path.write_text(text, encoding='ascii')",
        "open(name, 'rb')",
        "path.open(mode='wb')",
        "open(name, encoding='utf-8')",
    ],
)
def test_a_file_that_says_its_encoding_or_holds_bytes_passes(source):
    assert unsaid(source) == []
