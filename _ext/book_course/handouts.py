"""The chapters as handouts for a class, in one archive beside the pages; a page leads to it."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ARCHIVE = "attention-step-by-step.zip"
PAGE = "chapters/teach"


def setup(app):
    app.connect("build-finished", write)


def write(app, error):
    if not error and app.builder.name == "html" and PAGE in app.env.found_docs:
        with TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "tools.handouts", folder]
            subprocess.run(command, cwd=app.srcdir, check=True, stdout=subprocess.DEVNULL)
            Path(app.outdir, ARCHIVE).write_bytes(Path(folder, ARCHIVE).read_bytes())
