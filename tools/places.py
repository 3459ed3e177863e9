"""Prove the committed outputs in hard places: `python -m tools.places [place …]`, all without one.

In each, the site is built and every notebook compared, as `make book` and `make nbval` do.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
LOOPBACK = 'ip link set lo up && exec "$@"'  # kernels are spoken to over it
MOUNTED = 'mount --bind . . && mount -o remount,bind,ro . && cd "$PWD" && exec "$@"'
CROWDED = """
    for _ in 1 2 3 4; do while :; do :; done & others="$others $!"; done
    "$@"; status=$?; kill $others; exit $status
"""
PLACES = {
    "offline": [*"unshare --map-root-user --net sh -c".split(), LOOPBACK, "sh"],
    "read-only": [*"env -u HOME unshare --map-root-user --mount sh -c".split(), MOUNTED, "sh"],
    "posix": ["env", "LC_ALL=POSIX", "PYTHONUTF8=0", "PYTHONCOERCECLOCALE=0"],
    "small": ["prlimit", f"--as={5 * 2**29}"],  # 2.5 GiB of address space for each process
    "busy": ["sh", "-c", CROWDED, "sh"],
}


def inside(place: str, *command: str | Path, **options: object) -> subprocess.CompletedProcess:
    """Run the command there, from the book's folder."""
    return subprocess.run([*PLACES[place], *command], cwd=ROOT, **options)


def proves(place: str) -> bool:
    with TemporaryDirectory() as folder:
        book = Path(sys.executable).with_name("jupyter-book")
        build = [book, "build", ".", "-n", "-W", "--keep-going", "--path-output", folder]
        steps = [build, [sys.executable, "-m", "tools.strict_nbval"]]
        return all(inside(place, *step).returncode == 0 for step in steps)


def main(names: list[str]) -> None:
    if unknown := set(names) - set(PLACES):
        sys.exit(f"{sorted(unknown)}: the places are {', '.join(PLACES)}.")
    for name in names or PLACES:
        print(f"== {name}", flush=True)
        if not proves(name):
            sys.exit(f"The book fails in the place {name!r}: see above.")


if __name__ == "__main__":
    main(sys.argv[1:])
