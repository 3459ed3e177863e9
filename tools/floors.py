"""The lowest versions that pyproject.toml promises, one pin a line: `python -m tools.floors`."""

import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"


def promises(pyproject: str) -> list[str]:
    """What the library and its extras ask for, the library itself aside."""
    project = tomllib.loads(pyproject)["project"]
    extras = project["optional-dependencies"].values()
    needs = [*project["dependencies"], *(need for extra in extras for need in extra)]
    return [need for need in needs if not need.startswith(f"{project['name']}[")]


def pins(pyproject: str) -> list[str]:
    return [need.replace(">=", "==") for need in promises(pyproject)]


if __name__ == "__main__":
    print(*pins(PYPROJECT.read_text("utf-8")), sep="\n")
