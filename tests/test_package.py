"""What the package promises before anything is computed: light, thin, typed, documented."""

import ast
import inspect
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from torch import nn

import attention_book

SOURCE = Path(attention_book.__file__).parent
CORE = {"jaxtyping", "numpy", "safetensors", "torch", "tqdm"}
EXTRAS = {
    "figures": {"altair", "matplotlib", "vl_convert"},
    "listing.py": {"black"},
    "tokens": {"regex"},
    "tasks/drawn_words.py": {"PIL", "matplotlib"},  # matplotlib brings PIL
    "train": {"matplotlib"},
}
# What would make the first import slow; PyTorch's compiler alone takes longer than PyTorch.
HEAVY = {
    "altair",
    "black",
    "matplotlib",
    "PIL",
    "regex",
    "scipy",
    "tokenizers",
    "tqdm",
    "transformers",
}
HEAVY |= {"vl_convert", "torch._dynamo"}
PUBLIC = {name: getattr(attention_book, name) for name in attention_book.__all__}
MODULES = [n for n, x in PUBLIC.items() if inspect.isclass(x) and issubclass(x, nn.Module)]


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


def loaded(statement):
    """The modules that the statement loads, and `import torch` does not."""
    before = "import sys, torch; before = {*sys.modules}; "
    done = run(f"{before}{statement}; print(*{{*sys.modules}} - before)")
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def imports(source):
    """The packages that a file imports, at its head or later."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


def not_brought(path, source):
    """What the file imports and the library, with the extra for this part of it, does not bring."""
    extra = EXTRAS.get(path.parts[0], EXTRAS.get(path.as_posix(), set()))
    brought = CORE | extra | sys.stdlib_module_names
    return sorted({*imports(source)} - brought - {"attention_book"})


def test_importing_is_light():
    assert HEAVY & loaded("import attention_book") == set()


@pytest.mark.parametrize("heavy", ["matplotlib", "torch._dynamo"])
def test_a_heavy_import_is_noticed(heavy):
    assert heavy in HEAVY & loaded(f"import {heavy}")


def test_importing_leaves_the_global_seed_alone():
    draw = "import torch; torch.manual_seed(7); {} print(torch.rand(1).item())"
    ours = run(draw.format("import attention_book, attention_book.figures;")).stdout
    assert ours == run(draw.format("")).stdout != ""


def test_every_file_imports_only_what_an_installation_brings():
    paths = [path.relative_to(SOURCE) for path in SOURCE.rglob("*.py")]
    found = {str(path): not_brought(path, (SOURCE / path).read_text("utf-8")) for path in paths}
    assert {path: names for path, names in found.items() if names} == {}


def test_a_package_that_no_installation_brings_is_found():
    source = "import torch.nn\ndef f():\n    from scipy.special import erf\n    import matplotlib\n"
    assert not_brought(Path("tasks/task.py"), source) == ["matplotlib", "scipy"]
    assert not_brought(Path("figures/style.py"), source) == ["scipy"]


def test_without_matplotlib_figures_say_what_to_install_and_the_rest_works():
    hide = "import sys; sys.modules.update(dict.fromkeys(['matplotlib', 'altair', 'vl_convert'])); "
    train = "from attention_book.train import History; h = History([1.0]); print(h, h._repr_png_())"
    assert run(hide + train).stdout.split() == ["step", "loss", "1", "1.00", "None"]
    failed = run(hide + "import attention_book.figures").stderr
    assert 'pip install ".[figures]"' in failed.splitlines()[-1]


def test_types_are_published():
    assert files("attention_book").joinpath("py.typed").is_file()


def test_every_public_name_is_documented():
    for name, thing in PUBLIC.items():
        assert len(thing.__doc__ or "") > 30, name


@pytest.mark.parametrize("name", MODULES)
def test_help_says_what_a_module_does_with_its_input(name):
    assert len(PUBLIC[name].forward.__doc__ or "") > 20


def test_the_public_modules_are_found():
    assert {"GPT", "MultiHeadAttention", "Tap"} < set(MODULES)
    assert "Config" not in MODULES
