"""Figures that compute while a hand moves something: a small script and what it needs.

Everything is drawn before the script runs, in the state that teaches; what only a script can answer
is shown only where one runs. Where markup is not trusted, a picture takes its place.
"""

import json
from importlib.resources import files

from ..choice import ID, ChoiceFigure


def read(name):
    return files(__package__).joinpath(name).read_text("utf-8")


def scripts():
    """The files of all scripts, the shared one among them."""
    return [f for f in files(__package__).iterdir() if f.name.endswith(".js")]


class LiveFigure(ChoiceFigure):
    """A choice figure with a script: `live/NAME.js` has the body of a function of `figure` and
    `data`, after the helpers of `live/shared.js`."""

    script = ""
    classes = "af af-scripted"
    untouched = "Run this cell to move it."

    def data(self):
        """What the script computes with, as JSON."""
        raise NotImplementedError

    def ending(self):
        data = json.dumps(self.data(), separators=(",", ":")).replace("<", r"\u003c")
        code = f"{read('shared.js')}{read(self.script)}"
        call = f'document.getElementById("{ID}"),{data}'
        return f"<script>((figure,data)=>{{{code}}})({call})</script>"
