"""A sound lies in a file beside the pages and comes when it is played: a page opens at once.

In the notebook its bytes stand in the cell's output, where it needs no file.
"""

import re
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

SOUND = re.compile(r'preload="metadata" (aria-label="[^"]*") src="data:audio/wav;base64,([^"]+)"')


def setup(app):
    app.connect("html-page-context", put_beside)


def put_beside(app, page, template, context, doctree):
    if app.builder.name != "html" or "body" not in context:
        return

    def beside(found):
        label, code = found.groups()
        address = context["pathto"](write(app, b64decode(code)), resource=True)
        return f'preload="none" {label} src="{address}"'

    context["body"] = SOUND.sub(beside, context["body"])


def write(app, sound):
    """Write the file once, and return where it is within the site."""
    name = f"_images/{sha256(sound).hexdigest()[:16]}.wav"
    file = Path(app.outdir, name)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(sound)
    return name
