"""What asks git, and what becomes of it in a downloaded copy of the book, which has no history."""

import subprocess

import pytest

from tools.repository import ROOT

needs_git = pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="this copy of the book has no .git: clone it instead"
)


def git(*arguments, cwd=ROOT):
    """What git prints; with an author, for commits."""
    author = ["-c", "user.name=A reader", "-c", "user.email=reader@example.org"]
    done = subprocess.run(
        ["git", *author, *arguments], cwd=cwd, check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout
